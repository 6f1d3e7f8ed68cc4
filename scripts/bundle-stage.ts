/**
 * Bundles the program of a deployed stage into images/dist: graphs, edges and what speaks to brokers. What the stock runtime is made of stays
 * outside: the image of a stage holds the very same files, and packages, as the runtime that a model was judged with.
 *
 *     node scripts/bundle-stage.ts [--out images/dist]
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { runtimeLockFile, runtimeLockSchema } from '../images/runtime-lock.ts';
import { licences } from './licences.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: path.join(root, 'images', 'dist') } } });
const lock = runtimeLockSchema.parse(JSON.parse(readFileSync(path.join(root, runtimeLockFile), 'utf8')));
const inImage = new Set(Object.values(lock.platforms).flatMap(({ packages }) => packages.map(({ name }) => name)));
const packageOf = (id: string) => id.split('/', id.startsWith('@') ? 2 : 1).join('/');

const bundle = await rolldown({
  platform: 'node',
  cwd: root,
  logLevel: 'warn',
  input: path.join(root, 'places', 'stage.ts'),
  external: (id) => /^#(kernel|runtime)(\/|$)/.test(id) || inImage.has(packageOf(id)),
  plugins: [licences],
});
await bundle.write({ dir: values.out, entryFileNames: 'stage.js', format: 'esm', minify: true, codeSplitting: false });
