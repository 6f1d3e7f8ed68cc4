import { tmpdir } from 'node:os';
import { gitModelRepository } from '#git/adapters';
import { ledgerIn } from '#codehost';
import { configFile, readConfig } from '#config';
import type { Witness } from '#history';
import { fleetWitnesses } from '#pipelines/deploy';
import { composeCodeHost } from './compose-code-host.ts';
import { fleetOpener } from './compose-fleet-repository.ts';
import { open } from './compose-repository.ts';
import type { Terminal } from './terminal.ts';

/** Who can say what the ledger held: `unasked`, those that are not reached from here. */
export async function composeWitnesses(
  { repo, ref }: { repo: string; ref: string },
  terminal: Terminal,
): Promise<{ witnesses: Witness[]; unasked: string[] }> {
  const opened = await open(repo, terminal);
  const models = gitModelRepository(opened, tmpdir());
  const { deploy, github } = readConfig((await models.readFile(await models.resolve(ref), configFile)) ?? '');
  const unasked: string[] = [];
  const witnesses: Witness[] = [];
  if (deploy === null) unasked.push('the fleet repository: fieldproof.yaml names none');
  else witnesses.push(...(await fleetWitnesses(fleetOpener(opened, terminal)(deploy.repository), deploy)));
  const codeHost = await composeCodeHost(terminal, github);
  if (codeHost === null) unasked.push('the check runs: the environment names no repository on GitHub, or no token');
  else witnesses.push(...(await codeHost.checks.ended(github.checkName)).flatMap((run) => checkWitness(github.checkName, run)));
  return { witnesses, unasked };
}

function checkWitness(name: string, { head, externalId }: { head: string; externalId: string }): Witness[] {
  const seen = ledgerIn(externalId);
  return seen === null ? [] : [{ who: `the check ${name} of ${head.slice(0, 12)}`, ...seen }];
}
