/**
 * From the merge to the fleet and back, on real controllers (docs/rig.md): a release that passed its check goes to three sites
 * in two waves, another fails at one of them and is taken back. What is claimed is read back from the fleet repository, the
 * ledger and the clusters. Leaves both repositories in .demo/fleet.
 *
 *     node examples/porch/fleet.ts [flux] [argocd] [--out .demo/fleet] [--quiet]
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PorchOnRig } from '../../testing/worlds/porch-on-rig.ts';
import { whyNoRig } from '../../testing/rig/rig.ts';
import { FleetStory } from './fleet-story.ts';
import { Proofs } from './proofs.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: '.demo/fleet' }, quiet: { type: 'boolean', default: false } },
});
const names = { flux: 'Flux', argocd: 'Argo CD' } as const;
const all = ['flux', 'argocd'] as const;
const stranger = positionals.find((name) => !all.some((known) => known === name));
const controllers = all.filter((name) => positionals.length === 0 || positionals.includes(name));
/** This is about no repository on a code host, also where a job of one runs it. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(GITHUB_|FIELDPROOF_(APP|FLEET)_)/.test(name)),
);
const onLine = (line: string) => (options.quiet ? undefined : console.log(`    ${line}`));
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const proofs = new Proofs();
const began = performance.now();
const reason = whyNoRig();
if (stranger !== undefined) process.exitCode = couldNot(`no controller is named ${stranger}`, 'name flux, argocd or both');
else process.exitCode = reason === null ? await playAll() : couldNot(reason, 'make rig-build, once (docs/rig.md)');

async function playAll(): Promise<number> {
  try {
    for (const controller of controllers) await play(controller);
  } catch (thrown) {
    console.error(`demo-fleet: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 1;
  }
  const time = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`\n${proofs.count - proofs.failed.length} of ${proofs.count} claims hold (${time} s in all)`);
  for (const claim of proofs.failed) console.log(`  NOT SO: ${claim}`);
  return proofs.failed.length === 0 ? 0 : 1;
}

async function play(controller: (typeof all)[number]): Promise<void> {
  const out = path.resolve(options.out, controller);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  console.log(`\n==== ${names[controller]}: three sites, each a cluster of its own, and a fleet repository that they read`);
  const porch = await PorchOnRig.start({ controller, folder: out, environment, onLine });
  // A second signal, as make and a terminal send it together, must not keep the first from being heeded.
  const stop = () => void (closing ??= porch.close().finally(() => process.exit(130)));
  let closing: Promise<void> | undefined;
  for (const signal of signals) process.on(signal, stop);
  try {
    const story = new FleetStory(porch, proofs);
    await story.begin();
    await story.land();
    await story.takeBack();
    cpSync(porch.fleet, path.join(out, 'fleet.git'), { recursive: true });
  } finally {
    for (const signal of signals) process.off(signal, stop);
    await (closing ?? porch.close());
  }
  const show = path.relative(process.cwd(), out);
  console.log(`\nTo look at: git -C ${show}/fleet.git log --stat main; bin/fieldproof ledger --repo ${show}/porch`);
}

function couldNot(why: string, remedy: string): number {
  console.error(`demo-fleet could not run: ${why}\n  remedy: ${remedy}`);
  return 3;
}
