import type { CheckRequest } from './check-context.ts';
import { gatherCheck } from './plan/gather-check.ts';
import { unjudgedReport } from './conclude/report-of.ts';
import type { CheckPorts } from './ports.ts';
import { readDeployedState } from './plan/read-deployed-state.ts';
import type { DeployedState } from './plan/deployed-state.ts';
import type { CheckReport } from '#report';

/** What is going to happen in a check, for those who wait for it and for the machines that take part. */
export type OpenedCheck =
  | { kind: 'unjudged'; report: CheckReport }
  | {
      kind: 'check';
      base: string;
      head: string;
      models: readonly string[];
      /** The chipsets to be measured, each with the label of the runner that it is; null: any machine that is local. */
      chipsets: readonly { name: string; label: string | null }[];
      deployed: readonly DeployedState[];
    };

/** Reads policy, and what is deployed today, which takes rights that the machines which measure do not have. */
export async function openCheck(request: CheckRequest, ports: CheckPorts): Promise<OpenedCheck> {
  const gathered = await gatherCheck(request, ports, 'read');
  if (gathered.kind === 'unjudged') return { kind: 'unjudged', report: unjudgedReport(gathered, ports) };
  const { change } = gathered.context;
  const deployed = await Promise.all(change.models.map(({ model }) => readDeployedState(gathered.context, model)));
  return {
    kind: 'check',
    base: change.base,
    head: change.head,
    models: change.models.map(({ model }) => model.name),
    chipsets: change.config.chipsets.map(({ name, at }) => ({ name, label: at.kind === 'runner' ? at.label : null })),
    deployed,
  };
}
