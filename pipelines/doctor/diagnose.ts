import type { Diagnosis } from '#report';
import { checkApp, checkAppPermissions } from './checks/app.ts';
import { checkArtifactService } from './checks/artifact-service.ts';
import { checkLedgerBranch, checkRequiredCheck } from './checks/branches.ts';
import { checkBuckets } from './checks/buckets.ts';
import { checkConfiguration } from './checks/configuration.ts';
import { checkControllers } from './checks/controllers.ts';
import { checkEnvironments } from './checks/environments.ts';
import { checkFleet } from './checks/fleet.ts';
import { checkLedgerKeys } from './checks/ledger-keys.ts';
import { checkLfs } from './checks/lfs.ts';
import { checkPullRequests } from './checks/pull-requests.ts';
import { checkPrivateRegistry } from './checks/private-registry.ts';
import { checkRegistry } from './checks/registry.ts';
import { checkRunners } from './checks/runners.ts';
import { checkSigningKey } from './checks/signing-key.ts';
import { checkTokenPermissions } from './checks/token-permissions.ts';
import { checkWorkflows } from './checks/workflows.ts';
import type { Facts, Installed } from './facts.ts';
import { permission, unknown, type Finding } from './finding.ts';

/** What is looked at whether there is a configuration or not. */
const ALWAYS: Readonly<Record<string, (facts: Facts) => Finding>> = {
  configuration: checkConfiguration,
  workflows: checkWorkflows,
  'token permissions': checkTokenPermissions,
  'ledger branch': checkLedgerBranch,
  'signing key': checkSigningKey,
  'Git LFS': checkLfs,
  'artifact service': checkArtifactService,
};

/** What depends on what the configuration asks for. */
const AS_CONFIGURED: Readonly<Record<string, (facts: Installed) => Finding>> = {
  'ledger keys': checkLedgerKeys,
  'required check': checkRequiredCheck,
  App: checkApp,
  'App permissions': checkAppPermissions,
  environments: checkEnvironments,
  'pull requests by jobs': checkPullRequests,
  runners: checkRunners,
  registry: checkRegistry,
  'private registry': checkPrivateRegistry,
  buckets: checkBuckets,
  fleet: checkFleet,
  controllers: checkControllers,
};

/** Says of each thing whether it is well. Without a configuration nothing is said of what only it asks for. Pure. */
export function diagnose(facts: Facts): Diagnosis[] {
  const always = Object.entries(ALWAYS).map(([name, check]) => asDiagnosis(name, check(facts)));
  return [...always, ...asConfigured(facts)];
}

function asConfigured(facts: Facts): Diagnosis[] {
  const { configuration } = facts;
  const checks = Object.entries(AS_CONFIGURED);
  if (configuration.state === 'unseen')
    return checks.map(([name]) => asDiagnosis(name, unknown(permission(configuration.needs))));
  if (configuration.value.kind !== 'read') return [];
  const { config } = configuration.value;
  return checks.map(([name, check]) => asDiagnosis(name, check({ ...facts, config })));
}

function asDiagnosis(name: string, finding: Finding): Diagnosis {
  switch (finding.state) {
    case 'well':
      return { name, state: 'well', says: finding.says, remedy: null };
    case 'missing':
      return { name, state: 'missing', says: finding.says, remedy: finding.remedy };
    case 'unknown':
      return { name, state: 'unknown', says: `could not be looked at: needs ${finding.needs}`, remedy: finding.remedy };
  }
}
