import { readConfidences, type ModelConfidence } from '#history';
import { renderConfidence } from '#report';
import { composeIndex } from '../compose-index.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ConfidenceOptions = { repo: string; ref: string; margin?: number; json?: boolean };

/** How far the next iteration can be trusted, what says so, and what to collect next. */
export async function runConfidence(options: ConfidenceOptions, terminal: Terminal): Promise<number> {
  const { index, refresh } = await composeIndex(options, terminal);
  await refresh();
  const all = await readConfidences(index, options.margin ?? 0);
  await index.close();
  for (const one of all)
    terminal.out(options.json === true ? `${JSON.stringify(one)}\n` : renderConfidence(viewOf(one), terminal));
  if (all.length === 0) terminal.out('insufficient: nothing has been predicted yet; run fieldproof check\n');
  return exitCodes.pass;
}

function viewOf({ model, metric, predictions, ...rest }: ModelConfidence): Parameters<typeof renderConfidence>[0] {
  return { title: `${model} ${metric}`, rows: predictions.slice(-MOST_ROWS), ...rest };
}

const MOST_ROWS = 20;
