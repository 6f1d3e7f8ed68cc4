import { Option, type Command } from 'commander';
import { commands, type Run } from './commands.ts';
import { PRESET_NAMES } from './init/preprocess-presets.ts';

export function addInit(cli: Command, run: Run): void {
  cli
    .command('init')
    .description('write a first fieldproof.yaml, model.yaml and dataset manifest for a repository')
    .option('--repo <dir>', 'the model repository', '.')
    .option('--model <path>', 'an ONNX file, or the folder of the model below the repository (default: models/model)')
    .option('--images <dir>', 'a folder of pictures, one subfolder per class or with a data.yaml, to make a dataset of')
    .option('--task <name>', 'what the model is asked, where its file does not say it: classification, detection, embedding')
    .option('--labels <file>', 'its classes, one name a line; or: folders, for those of --images in the order of their names')
    .option('--input-size <size>', 'in which size it is used, where its input takes any: 224x224')
    .option('--preprocess <name>', `how pictures were made ready for it: ${PRESET_NAMES.join(', ')}`)
    .option(
      '--frigate <file>',
      "a Frigate configuration: its model, labels, zones and cameras become the repository's (docs/frigate.md)",
    )
    .option('--recordings <dir>', 'with --frigate, the folder of its recordings, to list some for labelling')
    .option('--github', 'write workflows for GitHub Actions: the check, answers by comment, the nightly replay, the deploy')
    .option('--forks', 'the workflows for pull requests from forks, in stages; implies --github')
    .option('--action <owner/repo@commit>', 'what the workflows call; left out, its line is marked to be set')
    .option('--fleet <dir>', 'instead: lay out a fleet repository in this folder, for what fieldproof.yaml deploys')
    .addOption(
      new Option('--controller <name>', 'for --fleet, where fieldproof.yaml does not say it').choices(['flux', 'argocd']),
    )
    .action((options) => run(commands.init, options));
}
