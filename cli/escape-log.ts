/**
 * A log of GitHub Actions is also a channel of commands: a line that begins with `::` is one, and so is `##[` anywhere
 * (actions/runner, ActionCommand.cs). What is shown there may quote a pull request, so both are broken by a zero-width space.
 */
export function escapeLog(text: string): string {
  return text.replace(/^(\s*):(?=:)/gmu, '$1:\u200B').replaceAll('##[', '##\u200B[');
}
