import type { Facts } from './facts.ts';

/** Whether a GitHub App publishes, as policy asks or since its id is among the secrets. */
export function publishesAsApp({ configuration, secretNames }: Pick<Facts, 'configuration' | 'secretNames'>): boolean {
  const config = configuration.state === 'seen' && configuration.value.kind === 'read' ? configuration.value.config : null;
  if (config !== null && config.github.appId !== null) return true;
  return secretNames.state === 'seen' && secretNames.value.includes('FIELDPROOF_APP_ID');
}
