import type { Facts } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { publishesAsApp } from '../publishes-as-app.ts';
import { jobsOf, nameOf } from '../secrets.ts';
import type { Job } from '../workflows.ts';

const RANK: Readonly<Record<string, number>> = { none: 0, read: 1, write: 2 };

/** Whether the token of each job may do what the command of that job does: by what `init` gives it. */
export function checkTokenPermissions(facts: Facts): Finding {
  return about(facts.workflows, (workflows) => {
    for (const job of jobsOf(workflows)) {
      const [template] = jobsOf(facts.templates, [job.command]);
      const needed = typeof template?.permissions === 'object' ? Object.entries(template.permissions ?? {}) : [];
      const lacking = needed
        // The App writes the rest where it is the one that publishes; the ledger is pushed by the job.
        .filter(([name]) => name === 'contents' || !publishesAsApp(facts))
        .filter(([name, level]) => rankOf(levelOf(job.permissions, name)) < rankOf(level))
        .map(([name, level]) => `${name}: ${level}`);
      if (lacking.length > 0)
        return missing(`${nameOf(job)} lacks ${lacking.join(', ')}`, `add it under permissions: of that job`);
    }
    return well("each job's token may do what the job does");
  });
}

function levelOf(permissions: Job['permissions'], name: string): string {
  if (permissions === 'write-all') return 'write';
  if (permissions === 'read-all') return 'read';
  return permissions?.[name] ?? 'none';
}

function rankOf(level: string): number {
  return RANK[level] ?? 0;
}
