import { judgePredictions } from '#eval';
import { composeLedger } from '../compose.ts';
import { factsOf, predictionHistory, trustedEntries } from '#history';
import { METRICS } from '#tasks';
import { renderConfidence } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';

/** How predictions of field gain have fared, or that there are too few to say. */
export async function runConfidence(options: { repo: string; ref: string; json?: boolean }, terminal: Terminal): Promise<number> {
  const { ledger, policy } = await composeLedger(options, terminal);
  const { trusted: entries } = await trustedEntries(ledger, policy);
  const questions = new Map(factsOf(entries, 'prediction').map(({ fact }) => [`${fact.model} ${fact.metric}`, fact]));
  for (const [name, question] of questions) {
    const rows = predictionHistory(entries, question);
    const unit = METRICS.get(question.metric)?.metric.unit ?? 'fraction';
    const view = { title: name, rows, summary: judgePredictions(rows), unit };
    terminal.out(options.json === true ? `${JSON.stringify(view)}\n` : renderConfidence(view, terminal));
  }
  if (questions.size === 0) terminal.out('insufficient: nothing has been predicted yet; run fieldproof check\n');
  return exitCodes.pass;
}
