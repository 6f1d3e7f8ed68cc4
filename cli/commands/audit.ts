import { join, resolve } from 'node:path';
import { auditModels } from '#pipelines/audit';
import { detectionCurve, renderAudit, renderAuditJson, renderAuditPage, type AuditReport } from '#report';
import { composeAudit } from '../compose-audit.ts';
import { composeTree } from '../compose-tree.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type AuditOptions = {
  repo: string;
  ref: string;
  runner: 'process' | 'docker';
  model?: string[];
  runs: number;
  latencyRuns: number;
  seed?: number;
  report?: string;
  signingKey?: string;
};

/** Beside the repository's files, and never among those that are committed. */
const USUAL_REPORT = join('.fieldproof', 'audit');

/** An audit finds what it finds: whoever reads it decides what to do about a gate that sleeps. */
export async function runAudit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const ports = await composeAudit(options, terminal);
  const { ref, runs, latencyRuns } = options;
  const request = { ref, runs, latencyRuns, models: options.model ?? [], seed: options.seed ?? null };
  const report = await auditModels(request, ports).finally(() => ports.progress.close());
  const writtenTo = await writeAudit(report, options, terminal);
  terminal.out(renderAudit(report, { ...terminal, writtenTo }));
  return exitCodes.pass;
}

async function writeAudit(report: AuditReport, { repo, report: named }: AuditOptions, terminal: Terminal): Promise<string> {
  const tree = composeTree(terminal.cwd);
  if (named === undefined) await tree.write(resolve(terminal.cwd, repo, '.fieldproof', '.gitignore'), '*\n');
  const folder = named ?? join(repo, USUAL_REPORT);
  const at = (name: string) => resolve(terminal.cwd, folder, name);
  await tree.write(at('audit.html'), renderAuditPage(report));
  await tree.write(at('audit.json'), renderAuditJson(report));
  for (const { model, gates } of report.models) {
    for (const gate of gates) {
      if (gate.doses.length === 0) continue;
      const name = `${model}-${gate.gate}`.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/-$/g, '');
      await tree.write(at(`${name}.svg`), `${detectionCurve(gate).text}\n`);
    }
  }
  return join(folder, 'audit.html');
}
