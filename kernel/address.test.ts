import { expect, it } from 'vitest';
import { withoutSecrets } from './address.ts';

it.each([
  ['https://user:token@host/a.git', 'https://host/a.git'],
  ['https://token@host:8443', 'https://host:8443'],
  ['https://user:p@ss@host/a', 'https://host/a'],
  ['ssh://git@host/a; https://user:token@host/b?at=c@d', 'ssh://host/a; https://host/b?at=c@d'],
  ['https://host/a@b', 'https://host/a@b'],
  ['git@host:acme/porch.git', 'git@host:acme/porch.git'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});
