/** Runs every test, names what was skipped and why, and closes with one plain line of counts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type TestFile = {
  name: string;
  status: string;
  message: string;
  assertionResults: { status: string; fullName: string; ancestorTitles: string[]; failureMessages: string[] }[];
};

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: TestFile[];
};

const folder = mkdtempSync(join(tmpdir(), 'fieldproof-tests-'));
const outputFile = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
const result = spawnSync('vitest', ['run', ...reporters, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { TESTCONTAINERS_RYUK_DISABLED: 'true', ...process.env },
});

const report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
rmSync(folder, { recursive: true });
for (const [group, count] of skippedGroups(report)) console.log(`skipped: ${group} (${count})`);
const apart = {
  FIELDPROOF_CLUSTER_TESTS: 'tests on real controllers (make test-cluster)',
  FIELDPROOF_FAULT_TESTS: 'faults at each call to GitHub, a forged pass, what is killed, many at once (make test-github-faults)',
  FIELDPROOF_PLATFORM_TESTS: 'the runtime made on other systems, emulated processors, bad containers (make test-platforms)',
  FIELDPROOF_FUZZ_TESTS:
    '100,000 inputs for each reader of what a pull request brings (make test-fuzz; here it is a few hundred)',
};
for (const [asked, what] of Object.entries(apart)) if (process.env[asked] !== '1') console.log(`not run here: ${what}`);
const brokenFiles = report.testResults.filter((file) => isBroken(file));
const failed = failures(report);
if (result.status !== 0 && failed.length === 0) failed.push('what no test caught: see "Unhandled Errors" above');
for (const failure of failed) console.log(`failed: ${failure}`);
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests + brokenFiles.length} failed, ${report.numPendingTests} skipped`,
);
process.exit(result.status ?? 1);

/** Named again at the end, since the end is what a reader of a long log sees first. */
function failures({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = fromHere(name);
    if (isBroken({ status, assertionResults })) return [`${file}: ${shortened(message)}`];
    return assertionResults
      .filter((one) => one.status === 'failed')
      .map(
        ({ fullName, failureMessages }) => `${file}: ${fullName}: ${failureMessages.map((each) => shortened(each)).join('; ')}`,
      );
  });
}

/** What stands around its tests failed, and none of them: they were left out, or never found. */
function isBroken({ status, assertionResults }: Pick<TestFile, 'status' | 'assertionResults'>): boolean {
  return status === 'failed' && assertionResults.every((one) => one.status !== 'failed');
}

function fromHere(path: string): string {
  return path.replace(`${process.cwd()}/`, '');
}

function shortened(message: string): string {
  // What went wrong, without where in whose code.
  return message.split(/\n\s+at /)[0]?.slice(0, 600) ?? '';
}

function skippedGroups({ testResults }: Report): Map<string, number> {
  const groups = new Map<string, number>();
  for (const { name, assertionResults } of testResults) {
    for (const { status, ancestorTitles } of assertionResults) {
      if (status === 'passed' || status === 'failed') continue;
      const group = `${fromHere(name)}: ${ancestorTitles[0] ?? 'top level'}`;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
  }
  return groups;
}
