/**
 * Bundles what the GitHub Action runs before anything is installed, into action/dist: its driver, and the packages that
 * `cli/glance.ts` needs. Our own sources are not bundled: Node runs them as they are.
 *
 *     node scripts/bundle-action.ts [--out action/dist]
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import path from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { BUNDLED } from '../action/bundled.ts';
import { licences } from './licences.ts';

const root = path.resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { out: { type: 'string', default: path.join(root, 'action', 'dist') } } });
const common = { platform: 'node', cwd: root, logLevel: 'warn' } as const;

/** Named exports of CommonJS are known only when it runs, so each package is named by what it turns out to export. */
const byName: Plugin = {
  name: 'by-name',
  resolveId: (id) => (id.startsWith('bundled:') ? id : null),
  load: async (id) => {
    if (!id.startsWith('bundled:')) return null;
    const name = id.slice('bundled:'.length);
    const names = Object.keys((await import(name)) as object).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
    return `export { ${names.toSorted().join(', ')} } from ${JSON.stringify(name)};\n`;
  },
};

// What an earlier bundle had and this one hasn't would be handed on with it.
rmSync(path.join(values.out, 'packages'), { recursive: true, force: true });
for (const name of ['main', 'packages']) {
  const bundle = await rolldown({ ...common, input: path.join(root, 'action', `${name}.ts`) });
  await bundle.write({ file: path.join(values.out, `${name}.js`), format: 'esm' });
}
const packages = await rolldown({
  ...common,
  input: Object.fromEntries(BUNDLED.map((name) => [name, `bundled:${name}`])),
  plugins: [byName, licences],
});
await packages.write({
  dir: path.join(values.out, 'packages'),
  format: 'esm',
  minify: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'shared-[hash].js',
});
