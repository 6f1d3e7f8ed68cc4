/** One writer of testing/worlds/ledger-writers.ts: appends record after record, so many at once, and notes each once it was acknowledged. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';

const [folder = '', noted = '', writer = '0', records = '0', atOnce = '1'] = process.argv.slice(2);
const ledger = new GitLedger({ folder, environment: process.env, clock: systemClock });
const lines = existsSync(noted) ? readFileSync(noted, 'utf8').split('\n') : [];
const known = new Set(lines.filter((line) => line.endsWith('.')).map((line) => Number(line.slice(0, -1))));
const left = Array.from({ length: Number(records) }, (_, record) => record).filter((record) => !known.has(record));

await Promise.all(Array.from({ length: Number(atOnce) }, async () => await appendWhatIsLeft()));

async function appendWhatIsLeft(): Promise<void> {
  for (let record = left.shift(); record !== undefined; record = left.shift()) {
    await ledger.append([{ kind: 'note', writer: Number(writer), record }]);
    // The line break before it ends the line of one who was killed while writing it; the dot says that it is whole.
    appendFileSync(noted, `\n${record}.\n`);
  }
}
