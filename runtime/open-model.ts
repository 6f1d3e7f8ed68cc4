import type { ModelParts, ServedModel } from './model-parts.ts';
import { openClassification } from './tasks/classification.ts';
import { openDetection } from './tasks/detection.ts';
import { openEmbedding } from './tasks/embedding.ts';

/** Makes of a described model what is served: its task decides what it answers. @throws CouldNotRun when it can't be served */
export async function openModel(parts: ModelParts): Promise<ServedModel> {
  const { description } = parts;
  switch (description.task) {
    case 'classification':
      return await openClassification({ ...parts, description });
    case 'detection':
      return await openDetection({ ...parts, description });
    case 'embedding':
      return await openEmbedding({ ...parts, description });
  }
}
