import type { ModelRunner } from '#runners';
import { dockerModelRunner, processModelRunner } from '#runners/adapters';

export function composeRunner(name: ModelRunner['name']): ModelRunner {
  return name === 'docker' ? dockerModelRunner() : processModelRunner();
}

export function composeHost(): Pick<ModelRunner, 'detect' | 'missing'> {
  return processModelRunner();
}
