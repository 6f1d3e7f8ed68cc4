/** Checks the architecture's laws on the tree, then plants a violation of each and demands that it is caught. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const rooms = ['kernel', 'git', 'datasets', 'eval', 'images', 'ledger', 'gitops', 'runtime', 'pipelines'];

/** What is planted, and the rule (or lint message) that must name it. */
const planted: { file: string; text: string; caughtBy: string }[] = [
  { file: 'eval/planted-room.ts', text: "export { x } from '#gitops';\n", caughtBy: 'direction-eval' },
  { file: 'gitops/planted-door.ts', text: "export { x } from '../kernel/inner.ts';\n", caughtBy: 'door-kernel' },
  {
    file: 'images/planted-sdk.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    caughtBy: 'sdk-outside-adapters',
  },
  {
    file: 'ledger/planted-sdk.ts',
    text: "import Docker from 'dockerode';\nexport const x = Docker;\n",
    caughtBy: 'sdk-outside-adapters',
  },
  { file: 'pipelines/planted-adapter.ts', text: "export { x } from '#eval/adapters';\n", caughtBy: 'adapters-only-from-compose' },
  {
    file: 'kernel/planted-import.ts',
    text: "import { execa } from 'execa';\nexport const x = execa;\n",
    caughtBy: 'kernel-imports-only-zod-and-yaml',
  },
  { file: 'pipelines/planted-runtime.ts', text: "export { x } from '../runtime/server.ts';\n", caughtBy: 'direction-pipelines' },
];
const floatingPromise = 'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n';

function cruise(folder: string, names: readonly string[]): { output: string; failed: boolean } {
  const result = spawnSync('depcruise', ['--config', '.dependency-cruiser.mjs', ...names], { cwd: folder, encoding: 'utf8' });
  return { output: result.stdout + result.stderr, failed: result.status !== 0 };
}

function plant(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fieldproof-laws-'));
  for (const file of ['package.json', '.dependency-cruiser.mjs', '.oxlintrc.json', 'tsconfig.json'])
    cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const room of rooms) {
    write(join(folder, room, 'index.ts'), 'export const x = 1;\n');
    write(join(folder, room, 'adapters', 'index.ts'), 'export const x = 1;\n');
  }
  write(join(folder, 'kernel', 'inner.ts'), 'export const x = 1;\n');
  write(join(folder, 'runtime', 'server.ts'), 'export const x = 1;\n');
  for (const { file, text } of planted) write(join(folder, file), text);
  write(join(folder, 'eval', 'planted-promise.ts'), floatingPromise);
  return folder;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function missedIn(folder: string): string[] {
  const { output } = cruise(folder, rooms);
  const caught = (file: string, rule: string) => output.split('\n').some((line) => line.includes(rule) && line.includes(file));
  const missed = planted
    .filter(({ file, caughtBy }) => !caught(file, caughtBy))
    .map(({ file, caughtBy }) => `${file} (${caughtBy})`);
  const lint = spawnSync('oxlint', ['--type-aware', 'eval/planted-promise.ts'], { cwd: folder, encoding: 'utf8' });
  if (!lint.stdout.includes('no-floating-promises')) missed.push('eval/planted-promise.ts (no-floating-promises)');
  return missed;
}

const tracked = execFileSync('git', ['ls-files', '--', '*.ts'], { cwd: root, encoding: 'utf8' }).split('\n');
const present = rooms.filter((room) => tracked.some((file) => file.startsWith(`${room}/`)));
const tree = cruise(root, [...present, 'testing']);
const cruised = Number(/\((\d+) modules/.exec(tree.output)?.[1] ?? Number.NaN);
const folder = plant();
const missed = missedIn(folder);
rmSync(folder, { recursive: true });

if (tree.failed) console.error(tree.output);
if (missed.length > 0) console.error(`laws: planted violations that nobody caught:\n  ${missed.join('\n  ')}`);
if (tree.failed || missed.length > 0) process.exit(1);
console.log(`laws: ${cruised} modules keep them; ${planted.length + 1} of ${planted.length + 1} planted violations were caught`);
