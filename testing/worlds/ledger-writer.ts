/** One writer of testing/worlds/ledger-writers.ts: appends batch after batch, and notes each once it was acknowledged. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';

const [folder = '', noted = '', writer = '0', records = '0', batch = '1'] = process.argv.slice(2);
const ledger = new GitLedger({ folder, environment: process.env, clock: systemClock });
const lines = existsSync(noted)
  ? readFileSync(noted, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('.'))
  : [];
const known = new Set(lines.flatMap((line) => line.slice(0, -1).split(' ').map(Number)));

for (let from = 0; from < Number(records); from += Number(batch)) {
  if (known.has(from)) continue;
  const own = Array.from({ length: Math.min(Number(batch), Number(records) - from) }, (_, index) => from + index);
  await ledger.append(own.map((record) => ({ kind: 'note', writer: Number(writer), record })));
  // The line break before it ends the line of one who was killed while writing it; the dot says that it is whole.
  appendFileSync(noted, `\n${own.join(' ')}.\n`, { flush: true });
}
