import type { Author } from './client.ts';

/** A bot is named with and without its suffix in different answers; a person may bear the name without it. */
export function isOurs(user: { login: string; type?: string | undefined } | null, us: Author): boolean {
  if (user === null) return false;
  if (user.login === us.login) return true;
  return us.app !== null && user.login === us.app && user.type === 'Bot';
}
