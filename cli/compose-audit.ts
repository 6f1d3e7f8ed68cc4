import { tmpdir } from 'node:os';
import type { AuditPorts } from '#pipelines/audit';
import { alteredFolders } from '#pipelines/audit/adapters';
import { composeCheck, type ComposeOptions } from './compose-check.ts';
import { progressOn } from './compose-progress.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What a check touches, and altered copies of models. How long it takes says nothing of how long a check does. */
export async function composeAudit(
  options: ComposeOptions,
  terminal: Terminal,
): Promise<AuditPorts & { progress: TerminalProgress }> {
  const check = await composeCheck(options, terminal);
  return { ...check, progress: progressOn(terminal), folders: alteredFolders(tmpdir()) };
}
