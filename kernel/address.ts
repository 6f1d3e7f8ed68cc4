/** A text without what the addresses in it carry: https://user:token@host/, also where a password was not encoded and holds an @. */
export function withoutSecrets(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/]+@/g, '$1');
}
