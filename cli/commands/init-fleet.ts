import path from 'node:path';
import { CouldNotRun } from '#kernel';
import type { Controller } from '#gitops';
import { composeTree } from '../compose-tree.ts';
import { configFile, readConfig } from '#config';
import { fleetFiles, type FleetAnswers } from '../init/fleet-files.ts';
import { writeMissing } from '../init/write-missing.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import type { WorkingTree } from '#git';

/** Lays out a fleet repository in a folder, for what the configuration of this one deploys. */
export async function initFleet(
  tree: WorkingTree,
  { folder, controller }: { folder: string; controller: Controller | undefined },
  terminal: Terminal,
): Promise<number> {
  const answers = await gatherFleet(tree, controller ?? 'flux');
  await writeMissing(composeTree(path.resolve(terminal.cwd, folder)), fleetFiles(answers), terminal);
  terminal.out('\nNext: commit them, push, and do what its README says under Begin.\n');
  return exitCodes.pass;
}

/** What fieldproof.yaml says of the fleet, where it says something. */
async function gatherFleet(tree: WorkingTree, controller: Controller): Promise<FleetAnswers> {
  const config = (await tree.exists(configFile)) ? readConfig(await tree.read(configFile)) : null;
  const deploy = config?.deploy ?? null;
  if (deploy === null) return { controller, url: null, branch: 'main', sites: [], applicationSet: false };
  if (deploy.layout !== null) {
    throw new CouldNotRun({
      file: configFile,
      field: 'deploy.layout',
      message: 'describes a fleet repository that is laid out already',
      remedy: 'remove deploy.layout to have one laid out by Fieldproof',
    });
  }
  const { url, branch, sites, applicationSet } = deploy;
  const reached = /^[\w+.-]+:\/\/|^[\w.-]+@[\w.-]+:/.test(url) ? url : null; // a path is this machine's alone
  return {
    controller: deploy.controller,
    url: reached,
    branch,
    sites: [...new Set(sites.map(({ name }) => name))],
    applicationSet,
  };
}
