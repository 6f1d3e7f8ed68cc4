/** Checks the architecture's laws on the tree, then plants a violation of each and demands that it is caught. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, resolve } from 'node:path';
import { METRICS } from '../tasks/index.ts';
import { mayUse } from './rooms.ts';

const root = resolve(import.meta.dirname, '..');
const [METRIC = ''] = METRICS.keys();

const rooms = Object.keys(mayUse);
/** Every room is entered through its door alone, and goes through no door that it may not use. */
const atEachDoor = rooms.flatMap((room, index) => {
  const name = room.replace('/', '-');
  // Whatever the room: one that it may not use; only the command line may use all but the server.
  const forbidden = rooms.find((other) => other !== room && !mayUse[room]?.includes(other)) ?? 'runtime';
  const visitor = rooms.find((other) => mayUse[other]?.includes(room)) ?? rooms[(index + 1) % rooms.length];
  return [
    { file: `${room}/planted-direction.ts`, text: importing(room, `${forbidden}/index.ts`), caughtBy: `direction-${name}` },
    {
      file: `${visitor}/planted-door-of-${name}.ts`,
      text: importing(visitor ?? '', `${room}/inner.ts`),
      caughtBy: `door-${name}`,
    },
  ];
});

/** What is planted, and the rule (or lint message) that must name it. */
const planted: { file: string; text: string; caughtBy: string }[] = [
  ...atEachDoor,
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
  {
    file: 'pipelines/check/planted-adapter.ts',
    text: importing('pipelines/check', 'runners/adapters/index.ts'),
    caughtBy: 'adapters-only-from-compose',
  },
  {
    file: 'cli/commands/planted-adapter.ts',
    text: importing('cli/commands', 'eval/adapters/index.ts'),
    caughtBy: 'adapters-only-from-compose',
  },
  {
    file: 'kernel/planted-import.ts',
    text: "import { execa } from 'execa';\nexport const x = execa;\n",
    caughtBy: 'kernel-imports-only-zod-and-yaml',
  },
  {
    file: 'cli/commands/planted-late-adapter.ts',
    text: "export const x = async () => await import('../../eval/adapters/index.ts');\n",
    caughtBy: 'adapters-only-from-compose',
  },
  {
    file: 'ledger/planted-late-sdk.ts',
    text: "export const x = async () => await import('dockerode');\n",
    caughtBy: 'sdk-outside-adapters',
  },
  {
    file: 'kernel/planted-late-door.ts',
    text: "export const x = async () => await import('#eval');\n",
    caughtBy: 'direction-kernel',
  },
  { file: 'pipelines/planted-trade.ts', text: importing('pipelines', 'kernel/index.ts'), caughtBy: 'no-room-of-its-own' },
];
const plantedMetric = { file: 'report/planted-metric.ts', text: `export const x = '${METRIC}';\n` };
/** As they stand at the top: `pipelines` holds several rooms. */
const topFolders = [...new Set(rooms.map((room) => room.split('/')[0] ?? room))];
const floatingPromise = 'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n';

function cruise(folder: string, names: readonly string[]): { output: string; failed: boolean } {
  const result = spawnSync('depcruise', ['--config', '.dependency-cruiser.mjs', ...names], { cwd: folder, encoding: 'utf8' });
  return { output: result.stdout + result.stderr, failed: result.status !== 0 };
}

function importing(folder: string, target: string): string {
  return `export { x } from '${posix.relative(folder, target)}';\n`;
}

/** The files that name a metric, outside the tasks that it belongs to: nobody else has to know one by its name. */
function namingMetrics(files: readonly string[], read: (file: string) => string): string[] {
  const named = new RegExp(`['"\`](?:${[...METRICS.keys()].join('|')})['"\`]`);
  const mayName = /^(tasks|testing|bench|examples|scripts)\/|\.(test|fixture|contract)\.ts$/;
  return files.filter((file) => !mayName.test(file) && named.test(read(file)));
}

function plant(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fieldproof-laws-'));
  for (const file of ['package.json', '.dependency-cruiser.mjs', '.oxlintrc.json', 'tsconfig.json', 'scripts/rooms.ts'])
    cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const room of rooms) {
    write(join(folder, room, 'index.ts'), 'export const x = 1;\n');
    write(join(folder, room, 'adapters', 'index.ts'), 'export const x = 1;\n');
    write(join(folder, room, 'inner.ts'), 'export const x = 1;\n');
  }
  for (const { file, text } of planted) write(join(folder, file), text);
  write(join(folder, 'eval', 'planted-promise.ts'), floatingPromise);
  return folder;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function missedIn(folder: string): string[] {
  const { output } = cruise(folder, topFolders);
  const caught = (file: string, rule: string) => output.split('\n').some((line) => line.includes(rule) && line.includes(file));
  const missed = planted
    .filter(({ file, caughtBy }) => !caught(file, caughtBy))
    .map(({ file, caughtBy }) => `${file} (${caughtBy})`);
  const lint = spawnSync('oxlint', ['--type-aware', 'eval/planted-promise.ts'], { cwd: folder, encoding: 'utf8' });
  if (!lint.stdout.includes('no-floating-promises')) missed.push('eval/planted-promise.ts (no-floating-promises)');
  return missed;
}

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', '*.ts'], { cwd: root, encoding: 'utf8' });
const tracked = listed
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)) && !file.startsWith('action/dist/'));
const tree = cruise(root, [...topFolders, 'testing']);
const cruised = Number(/\((\d+) modules/.exec(tree.output)?.[1] ?? Number.NaN);
const naming = namingMetrics(tracked, (file) => readFileSync(join(root, file), 'utf8'));
const folder = plant();
const missed = missedIn(folder);
if (namingMetrics([plantedMetric.file], () => plantedMetric.text).length === 0) missed.push(plantedMetric.file);
rmSync(folder, { recursive: true });

if (tree.failed) console.error(tree.output);
if (naming.length > 0) console.error(`laws: a metric's name stands in tasks/ alone, and not in\n  ${naming.join('\n  ')}`);
if (missed.length > 0) console.error(`laws: planted violations that nobody caught:\n  ${missed.join('\n  ')}`);
if (tree.failed || naming.length > 0 || missed.length > 0) process.exit(1);
console.log(`laws: ${cruised} modules keep them; ${planted.length + 2} of ${planted.length + 2} planted violations were caught`);
