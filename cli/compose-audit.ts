import { tmpdir } from 'node:os';
import type { AuditPorts } from '#pipelines/audit';
import { alteredFolders } from '#pipelines/audit/adapters';
import { composeCheck, type ComposeOptions } from './compose-check.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What a check touches, and altered copies of models. */
export async function composeAudit(
  options: ComposeOptions,
  terminal: Terminal,
): Promise<AuditPorts & { progress: TerminalProgress }> {
  return { ...(await composeCheck(options, terminal)), folders: alteredFolders(tmpdir()) };
}
