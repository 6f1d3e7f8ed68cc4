import {
  classScores,
  detectionsOf,
  embeddingsOf,
  TENSORS,
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
} from '#kernel';
import { detectionsMessage } from './boxes.ts';
import type { ModelTask } from './graph.ts';
import type { MessageOf } from './message.ts';
import type { Made, StageProgram } from './stage-program.ts';

/** A model that can be asked, wherever it runs. */
export type AskedModel = {
  metadata: Pick<ModelMetadata, 'name' | 'labels'>;
  infer(request: InferRequest): Promise<InferResponse>;
};

/** Boxes below this score are sent to nobody. */
const LEAST_SCORE = 0.05;

/** A model as a stage: pictures in, what it says of them out. Pictures come as pixels. */
export function modelStage(model: AskedModel, task: ModelTask): StageProgram {
  return {
    async take(message) {
      if (message.kind !== 'frame' && message.kind !== 'crop') return [];
      return readAnswer(await model.infer(requestOf(message)), message, { task, labels: model.metadata.labels ?? [] });
    },
  };
}

function requestOf({ camera, capturedAt, about: { width, height }, body }: MessageOf<'frame' | 'crop'>): InferRequest {
  const input = { name: TENSORS.frames, datatype: 'UINT8', shape: [1, height, width, 3], data: body } as const;
  return { inputs: [input], parameters: { sequence_id: camera, timestamp: capturedAt / 1000 } };
}

type Asked = MessageOf<'frame' | 'crop'>;
type Question = { task: ModelTask; labels: readonly string[] };

function readAnswer(response: InferResponse, asked: Asked, { task, labels }: Question): Made[] {
  if (task === 'embedding') return embeddingOf(response, asked);
  const { width, height } = asked.about;
  const whole = { x1: 0, y1: 0, x2: width, y2: height };
  const scored =
    task === 'detection'
      ? (detectionsOf(response, 1, labels.length)[0] ?? [])
      : [...(classScores(response, 1, labels.length)[0] ?? [])].map((score, index) => ({ ...whole, score, class: index }));
  const boxes = scored.filter(({ score }) => score >= LEAST_SCORE).map((box) => ({ ...box, class: labels[box.class] ?? '' }));
  return [detectionsMessage({ width, height }, boxes, labels)];
}

/** Nothing where the model found nothing to look at. */
function embeddingOf(response: InferResponse, asked: Asked): Made[] {
  const values = embeddingsOf(response, 1)[0] ?? null;
  if (values === null) return [];
  const of = asked.kind === 'crop' ? { box: asked.about.box, class: asked.about.class } : { box: null, class: null };
  const about = { dimensions: values.length, ...of };
  return [{ kind: 'embedding', promised: false, about, body: new Uint8Array(values.slice().buffer) }];
}
