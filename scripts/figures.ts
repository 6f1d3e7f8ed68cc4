/**
 * Figures of the floor plan, from the code: how large the rooms are, how far it is from a model change to its verdict, how many
 * things `check` shows and how they hang together, and where a metric is named. `node scripts/figures.ts [folder]`
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { parseSync, type Module } from '@swc/core';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const listed = execFileSync('git', ['ls-files', '*.ts'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
const isTest = (file: string) => /\.(test|fixture|contract)\.ts$/.test(file);
const sources = listed.filter((file) => !isTest(file) && !/^(testing|bench|examples|scripts|action)\/|\.config\.ts$/.test(file));
const textOf = new Map(sources.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

type Binding = { file: string; name: string };
type FileFacts = { imports: Map<string, Binding>; functions: Map<string, string[]> };
type Node = { type?: string; [key: string]: unknown };

const facts = new Map(sources.map((file) => [file, read(file)]));

function read(file: string): FileFacts {
  const tree: Module = parseSync(textOf.get(file) ?? '', { syntax: 'typescript', target: 'es2022' });
  const imports = new Map<string, Binding>();
  const functions = new Map<string, string[]>();
  for (const item of tree.body as unknown as Node[]) {
    const source = (item['source'] as { value: string } | null)?.value;
    if (source !== undefined && item['specifiers'] !== undefined) {
      for (const one of item['specifiers'] as Node[]) {
        const local = ((one['local'] ?? one['exported'] ?? one['orig']) as { value: string } | null)?.value ?? '';
        const imported = ((one['imported'] ?? one['orig'] ?? one['local']) as { value: string } | null)?.value ?? local;
        const target = fileOf(file, source);
        if (target !== null)
          imports.set((one['exported'] as { value: string } | null)?.value ?? local, { file: target, name: imported });
      }
    }
    const declared = (item['declaration'] ?? item) as Node;
    if (declared.type === 'FunctionDeclaration') {
      functions.set((declared['identifier'] as { value: string }).value, callsIn(declared));
    }
  }
  return { imports, functions };
}

function fileOf(from: string, specifier: string): string | null {
  const file = specifier.startsWith('#') ? `${specifier.slice(1)}/index.ts` : posix.join(posix.dirname(from), specifier);
  return textOf.has(file) ? file : null;
}

/** Names that are called, in the order of the text. */
function callsIn(node: Node): string[] {
  const own =
    node.type === 'CallExpression' && (node['callee'] as Node).type === 'Identifier'
      ? [(node['callee'] as { value: string }).value]
      : [];
  const below = Object.values(node).flatMap((value) => {
    if (Array.isArray(value))
      return value.flatMap((one: unknown) => (typeof one === 'object' && one !== null ? callsIn(one as Node) : []));
    return typeof value === 'object' && value !== null ? callsIn(value as Node) : [];
  });
  return [...own, ...below];
}

function definitionOf({ file, name }: Binding, seen = 0): Binding | null {
  const known = facts.get(file);
  if (known === undefined || seen > 5) return null;
  if (known.functions.has(name)) return { file, name };
  const through = known.imports.get(name);
  return through === undefined ? null : definitionOf(through, seen + 1);
}

/** From `checkModel` on, through the rooms of the check: each call into another file is a stop; what was walked is not walked again. */
function walk(): { files: Set<string>; stops: number } {
  const start = [...facts].find(([, { functions }]) => functions.has('checkModel'))?.[0] ?? '';
  const isOurs = (file: string) => /^pipelines\/(check|releases)\//.test(file);
  const walked = new Set<string>();
  const files = new Set([start]);
  let stops = 0;
  const visit = ({ file, name }: Binding): void => {
    if (walked.has(`${file} ${name}`)) return;
    walked.add(`${file} ${name}`);
    for (const called of facts.get(file)?.functions.get(name) ?? []) {
      const local =
        facts.get(file)?.functions.has(called) === true ? { file, name: called } : facts.get(file)?.imports.get(called);
      const target = local === undefined ? null : definitionOf(local);
      if (target === null || !isOurs(target.file)) continue;
      if (target.file !== file) stops += 1;
      files.add(target.file);
      visit(target);
    }
  };
  visit({ file: start, name: 'checkModel' });
  return { files, stops };
}

const roomOf = (file: string) => /^pipelines\/[^/]+\/(?=.)/.exec(file)?.[0].slice(0, -1) ?? file.split('/')[0] ?? '';
const hasInnerDoors = listed.includes('pipelines/check/index.ts');
const lines = new Map<string, number>();
for (const file of sources) {
  const room = hasInnerDoors ? roomOf(file) : (file.split('/')[0] ?? '');
  lines.set(room, (lines.get(room) ?? 0) + (textOf.get(file) ?? '').split('\n').length - 1);
}
const [largest] = [...lines].toSorted((a, b) => b[1] - a[1]);

/** What lies directly in `check`: files and folders, and which of them uses which. */
const boxOf = (file: string) => /^pipelines\/check\/([^/]+)/.exec(file)?.[1] ?? null;
const boxes = new Set(sources.flatMap((file) => boxOf(file) ?? []).filter((name) => name !== 'index.ts'));
const arrows = new Set(
  [...facts].flatMap(([file, { imports }]) =>
    [...imports.values()].flatMap((target) => {
      const [from, to] = [boxOf(file), boxOf(target.file)];
      return from === null || to === null || from === to || from === 'index.ts' ? [] : [`${from} ${to}`];
    }),
  ),
);
const METRIC = /['"`](top1|top5|auroc|event-recall|false-alarms-per-hour|time-to-detect)['"`]/;
const naming = sources.filter((file) => METRIC.test(textOf.get(file) ?? ''));
const tests = (folder: string) => listed.filter((file) => file.startsWith(folder) && file.endsWith('.test.ts'));
const count = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + readFileSync(join(root, file), 'utf8').split('\n').length - 1, 0);
const { files, stops } = walk();

console.log(`largest room          ${largest?.[0]}, ${largest?.[1]} lines; rooms: ${lines.size}`);
console.log(`checkModel -> verdict ${stops} stops in ${files.size} files`);
console.log(`check shows           ${boxes.size} things, ${arrows.size} arrows`);
console.log(
  `name a metric         ${naming.length} files, of which ${naming.filter((file) => !file.startsWith('tasks/')).length} outside tasks/`,
);
console.log(
  `tests of check        ${(count(tests('pipelines/check/')) / count(sources.filter((file) => file.startsWith('pipelines/check/')))).toFixed(2)} lines a line`,
);
