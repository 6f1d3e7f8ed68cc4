/**
 * The whole life of a change on GitHub, against an emulator of it: a pull request, its check and its comment, the merge, the
 * deployments, the nightly replays, an issue that is opened and closed, and clips to label. Leaves everything in .demo-github.
 *
 *     node examples/porch/github/demo.ts [--out .demo-github] [--transcript docs/github-life.md]
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { playLife } from './life.ts';

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: '.demo-github' }, transcript: { type: 'string' } },
});
const out = path.resolve(options.out);
const lines: string[] = [];
const began = performance.now();

function print(line: string): void {
  lines.push(line);
  console.log(line);
}

rmSync(out, { recursive: true, force: true });
await playLife(out, {
  step: (text) => print(`${lines.length === 0 ? '' : '\n'}== ${text}`),
  seen: (where, text) => print(`  ${where.padEnd(12)}  ${text}`),
});
if (options.transcript !== undefined) writeTranscript(options.transcript);
console.log(`
To look at (${((performance.now() - began) / 1000).toFixed(0)} s in all), below ${path.relative(process.cwd(), out) || '.'}:
  github/acme/     the model repository, with the ledger and the labelling branches, and the fleet repository
  reports/         report.html of both checks
  jobs/            what each job printed, and its summary`);

/** In the place of the page's one block of text. */
function writeTranscript(page: string): void {
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(/```text\n[^]*?```/, () => `\`\`\`text\n${lines.join('\n')}\n\`\`\``),
  );
}
