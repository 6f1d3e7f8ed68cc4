/** What `fieldproof init` writes: a start that runs as soon as the places marked with "set" are. Pure: answers in, texts out. */
export type InitAnswers = {
  /** Folder of the model below the repository, such as models/porch. */
  modelFolder: string;
  /** Weights found in it, if any. */
  weights: string | null;
  /** A folder of pictures relative to the repository, and the classes its subfolders name. */
  images: { folder: string; classes: readonly string[] } | null;
  hasDockerfile: boolean;
};

export function firstFiles(answers: InitAnswers): { path: string; text: string }[] {
  const files = [{ path: 'fieldproof.yaml', text: configText(answers) }];
  if (!answers.hasDockerfile) files.push({ path: `${answers.modelFolder}/model.yaml`, text: modelText(answers) });
  if (answers.images !== null) files.push({ path: 'datasets/research.yaml', text: datasetText(answers.images) });
  return files;
}

/** Folders come in the order of their names, and nothing but a bad score would tell that the model's is another. */
const CLASS_ORDER = "in the order of the model's output";

/** Quoted where YAML could take a name for something else, such as a number. */
function classList(classes: readonly string[]): string {
  return `[${classes.map((name) => (/^[a-z][a-z _-]*[a-z]$/i.test(name) && !/^(true|false|null)$/i.test(name) ? name : JSON.stringify(name))).join(', ')}]`;
}

export function modelNameOf(modelFolder: string): string {
  const name = modelFolder.split('/').findLast((part) => part !== '') ?? 'model';
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'model'
  );
}

function configText({ modelFolder, images }: InitAnswers): string {
  const name = modelNameOf(modelFolder);
  const manifest = images === null ? '# set: write this manifest (docs/datasets.md)' : '';
  return `version: 1

models:
  ${name}:
    build: ${modelFolder}                  # a folder with a Dockerfile, or with a model.yaml alone
    image: registry.example/acme/${name}   # set: where its images are pushed when there is a registry
    task: classification

datasets:
  research: { manifest: datasets/research.yaml } ${manifest}

chipsets:
  here: { platform: linux/amd64, at: local, limits: { cpus: 1, memory: 2GiB } }

gates:
  ${name}:
    - { dataset: research, metric: top1, margin: 2%, at-least: 0% }   # set: at-least judges the first release
    - { chipset: "*", metric: latency-p50, margin: 10% }

# deploy:                                  # set: the repository that Flux or Argo CD reads
#   controller: flux
#   repository: ../fleet.git
#   branch: main
#   sites: [ { name: first-site, chipset: here } ]
`;
}

function modelText({ modelFolder, weights, images }: InitAnswers): string {
  const labels = images === null ? '' : `labels: ${classList(images.classes)}   # set: ${CLASS_ORDER}\n`;
  return `version: 1
name: ${modelNameOf(modelFolder)}
task: classification
${labels}threshold: 0.5
weights: { default: ${weights ?? 'model.onnx'} }${weights === null ? '   # set: no .onnx was found in this folder' : ''}
preprocess:                                # set: exactly what the model was trained with
  resize: { shorter-side: 256, kernel: linear }
  crop: { width: 224, height: 224 }
  channels: rgb
  layout: nchw
  range: [0, 1]
  mean: [0.485, 0.456, 0.406]
  std: [0.229, 0.224, 0.225]
`;
}

function datasetText({ folder, classes }: NonNullable<InitAnswers['images']>): string {
  return `version: 1
kind: research
task: classification
classes: ${classList(classes)}   # set: ${CLASS_ORDER}
root: ../${folder}
samples: { folders: true }
pins: research.sha256
`;
}
