import type { Facts } from './facts.ts';

/** Whether a GitHub App publishes, as policy asks or since its id is among the secrets. */
export function publishesAsApp({ configuration, secretNames, environmentSecretNames }: Facts): boolean {
  const config = configuration.state === 'seen' && configuration.value.kind === 'read' ? configuration.value.config : null;
  if (config !== null && config.github.appId !== null) return true;
  const places = [secretNames, ...environmentSecretNames.values()];
  return places.some((names) => names.state === 'seen' && names.value.includes('FIELDPROOF_APP_ID'));
}
