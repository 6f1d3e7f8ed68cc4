import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf, passwordsOf } from './environment.ts';
import { eventOf, readInputs } from './inputs.ts';
import { errorLine, openedOutputs, outputText, reportOutputs, silencers } from './outputs.ts';
import { writeAskpass } from './run-step.ts';
import { runAll, stepsOf } from './steps.ts';

const root = path.resolve(import.meta.dirname, '..');
const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string };
};

/** Inputs as the runner hands them over: defaults filled in, names upper-cased. */
function asEnvironment(given: Record<string, string>): Record<string, string> {
  const all = Object.entries(action.inputs).map(([name, { default: fallback }]) => [name, fallback] as const);
  const filled = { ...Object.fromEntries(all), 'github-token': 'ghs_token', ...given };
  return Object.fromEntries(Object.entries(filled).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

const event = { base: 'a'.repeat(40), head: 'b'.repeat(40), pullRequest: '7', comment: '', defaultBranch: 'trunk' };
const read = (given: Record<string, string>) => readInputs(asEnvironment(given), event);
const part = { command: 'part', round: 'replay', chipset: 'edge', 'github-token': '', ledger: '' };

describe('the action', () => {
  it('is bundled as it is written: `make action` was run', () => {
    const built = mkdtempSync(path.join(tmpdir(), 'fieldproof-action-'));
    execFileSync(process.execPath, ['scripts/bundle-action.ts', '--out', built], { cwd: root, stdio: 'pipe' });
    const files = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
    const dist = path.join(root, 'action', 'dist');
    expect(files(built)).toEqual(files(dist));
    for (const name of files(built).filter((file) => file.endsWith('.js')))
      expect(readFileSync(path.join(built, name), 'utf8') === readFileSync(path.join(dist, name), 'utf8')).toBe(true);
    rmSync(built, { recursive: true });
  });

  it('describes every input and output, and reads each input that it describes', () => {
    for (const [name, { description }] of Object.entries({ ...action.inputs, ...action.outputs })) {
      expect({ name, described: description.length > 10 }).toEqual({ name, described: true });
      expect(name).toMatch(/^[a-z][a-z-]*$/);
    }
    const code = readFileSync(path.join(root, 'action', 'inputs.ts'), 'utf8');
    for (const name of Object.keys(action.inputs)) expect(code).toContain(`'${name}'`);
    expect(action.runs.using).toBe('node24');
  });

  it('needs nothing said on a pull request', () => {
    const { inputs, problems } = read({});
    expect(problems).toEqual([]);
    expect(inputs).toMatchObject({ command: 'check', base: event.base, head: event.head, pullRequest: '7', runner: 'docker' });
  });

  it('explains every input that it cannot take, at once and with what to do', () => {
    const wrong = {
      command: 'judge',
      base: '--upload-pack=x',
      chipset: 'edge;rm',
      runner: 'podman',
      'app-id': '1',
      'pull-request': '0',
    };
    expect(read(wrong).problems).toMatchInlineSnapshot(`
      [
        {
          "input": "command",
          "message": ""judge" is none",
          "remedy": "give one of: check, open, images, part, predict, publish, accept, deploy, replay, complete, audit",
        },
        {
          "input": "base",
          "message": ""--upload-pack=x" is none",
          "remedy": "give a full commit id or a branch",
        },
        {
          "input": "runner",
          "message": ""podman" is none",
          "remedy": "give one of: docker, process",
        },
        {
          "input": "pull-request",
          "message": ""0" is no number",
          "remedy": "give its number",
        },
        {
          "input": "chipset",
          "message": ""edge;rm" is none",
          "remedy": "give names or runner labels, with commas",
        },
        {
          "input": "app-private-key",
          "message": "goes with app-id, and one is missing",
          "remedy": "give both, or neither",
        },
      ]
    `);
    expect(read({ ...part, round: '', chipset: '', 'signing-key': 'k' }).problems).toMatchInlineSnapshot(`
      [
        {
          "input": "round",
          "message": "a part needs one",
          "remedy": "give research or replay",
        },
        {
          "input": "chipset",
          "message": "a part needs one",
          "remedy": "say which chipset of fieldproof.yaml this machine is",
        },
        {
          "input": "signing-key",
          "message": "part works beside a stranger's program and takes no secret",
          "remedy": "give it an empty one: signing-key: ''",
        },
      ]
    `);
  });

  it('reads what is judged from the event, and from nothing else in it', () => {
    const payload = { pull_request: { number: 3, base: { sha: 'base' }, head: { sha: 'head', ref: '$(rm)' }, title: '::x::' } };
    expect(eventOf(payload, {})).toMatchObject({ base: 'base', head: 'head', pullRequest: '3' });
    expect(eventOf({ merge_group: { base_sha: 'b', head_sha: 'h' } }, {})).toMatchObject({
      base: 'b',
      head: 'h',
      pullRequest: '',
      comment: '',
    });
    expect(eventOf(null, { GITHUB_SHA: 'pushed' })).toEqual({
      base: '',
      head: 'pushed',
      pullRequest: '',
      comment: '',
      defaultBranch: '',
    });
    expect(eventOf({ repository: { default_branch: 'trunk' } }, {}).defaultBranch).toBe('trunk');
    expect(eventOf({ pull_request: { base: [], head: null, number: {} } }, {}).base).toBe('');
  });
});

describe('a call of the CLI', () => {
  const told = (given: Record<string, string>) =>
    stepsOf(read(given).inputs).map(({ args, access }) => `${access}: ${args.join(' ').replaceAll(/([ab])\1{39}/g, '$1')}`);

  it('follows from the command', () => {
    const opts = { ledger: 'origin' };
    expect(told({ ...opts })).toMatchInlineSnapshot(`
      [
        "ledger: ledger --sync origin --repo . --ref a --problems fieldproof/report/problems.json",
        "data: fetch --repo . --base a --head b --problems fieldproof/report/problems.json",
        "code-host: open --repo . --base a --head b --policy-from base --runner docker --out fieldproof/opened --pull-request 7 --problems fieldproof/report/problems.json",
        "fleet: check --repo . --base a --head b --policy-from base --runner docker --report fieldproof/report --problems fieldproof/report/problems.json --all",
        "ledger: ledger --sync origin --repo . --ref a --problems fieldproof/report/problems.json",
        "code-host: publish --repo . --problems fieldproof/report/problems.json --base a --head b --pull-request 7",
        "code-host: publish --repo . --report fieldproof/report/report.json --base a --head b --pull-request 7",
      ]
    `);
    expect(told({ ...part })).toMatchInlineSnapshot(`
      [
        "none: part --repo . --base a --head b --policy-from base --runner docker --round replay --chipset edge --images fieldproof/images --out fieldproof/parts --problems fieldproof/problems/part-replay-edge.json",
      ]
    `);
    expect(told({ command: 'publish' })).toMatchInlineSnapshot(`
      [
        "ledger: ledger --sync origin --repo . --ref a --problems fieldproof/report/problems.json",
        "fleet: join --repo . --base a --head b --policy-from base --runner docker --images fieldproof/images --parts fieldproof/parts --told fieldproof/problems --report fieldproof/report --problems fieldproof/report/problems.json",
        "ledger: ledger --sync origin --repo . --ref a --problems fieldproof/report/problems.json",
        "code-host: publish --repo . --problems fieldproof/report/problems.json --base a --head b --pull-request 7",
        "code-host: publish --repo . --report fieldproof/report/report.json --base a --head b --pull-request 7",
      ]
    `);
    expect(told({ command: 'accept', comment: '9' })).toEqual(['code-host: accept --repo . --from-comment 9 --sync origin']);
    expect(told({ command: 'replay', ledger: '' }).at(-1)).toBe('code-host: replay --repo . --into trunk');
    expect(told({ command: 'complete', ledger: '' }).at(-1)).toBe('fleet: complete --repo . --ref b --runner docker');
    expect(told({ command: 'audit', ledger: '' }).at(-1)).toBe(
      'fleet: audit --repo . --ref b --runner docker --report fieldproof/report',
    );
    expect(told({ command: 'predict', ledger: '' }).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'fleet: predict',
      'code-host: progress',
    ]);
    expect(told({ command: 'deploy', ledger: '' })).toMatchInlineSnapshot(`
      [
        "code-host: deploy --repo . --ref b",
      ]
    `);
  });

  it('judges by the policy of the base, whatever the command', () => {
    const inputs = ['check', 'open', 'predict', 'publish'].map((command) => read({ command }).inputs);
    const steps = [...inputs, read(part).inputs].flatMap((given) => stepsOf(given)).filter(({ args }) => args.includes('--base'));
    for (const { args } of steps.filter(({ args: [name] }) => name !== 'publish' && name !== 'fetch')) {
      expect(args.slice(args.indexOf('--policy-from')).slice(0, 2)).toEqual(['--policy-from', 'base']);
    }
  });

  it('sees only what it may: beside a stranger, no token of any kind', () => {
    const runner = {
      PATH: '/bin',
      RUNNER_TEMP: '/tmp/r',
      GITHUB_WORKSPACE: '/home/runner/porch',
      AWS_ACCESS_KEY_ID: 'of a bucket',
      GITHUB_REPOSITORY: 'acme/porch',
      ACTIONS_RUNTIME_TOKEN: 'writes caches',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'signs in elsewhere',
      'INPUT_GITHUB-TOKEN': 'ghs',
      GITHUB_TOKEN: 'of the job',
      NODE_OPTIONS: '--require /evil',
    };
    const none = { bucketAccessKeyId: '', bucketSecretAccessKey: '', kubeconfig: '' };
    const secrets = { githubToken: 'ghs', appId: '5', appPrivateKey: 'pem', fleetToken: 'fleet', signingKey: 'key', ...none };
    const seen = (access: 'none' | 'fleet' | 'ledger' | 'data' | 'code-host') =>
      environmentOf({ access }, runner, secrets, '/askpass');
    expect(seen('none')).toEqual({
      PATH: '/bin',
      FIELDPROOF_CACHE: '/tmp/r/fieldproof-cache',
      FIELDPROOF_DATA: '/home/runner/porch/fieldproof/data',
    });
    expect(seen('data')).toEqual({ ...seen('none'), GIT_ASKPASS: '/askpass', AWS_ACCESS_KEY_ID: 'of a bucket' });
    const given = { ...secrets, bucketAccessKeyId: 'id', bucketSecretAccessKey: 'of it', kubeconfig: 'clusters' };
    const bucket = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'of it' };
    expect(environmentOf({ access: 'data' }, runner, given, null)).toEqual({ ...seen('none'), ...bucket });
    expect(environmentOf({ access: 'none' }, runner, given, null)).toEqual(seen('none'));
    expect(seen('fleet')).toEqual({ ...seen('none'), GIT_ASKPASS: '/askpass' });
    expect(Object.keys(seen('code-host')).toSorted()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'FIELDPROOF_APP_ID',
      'FIELDPROOF_APP_PRIVATE_KEY',
      'FIELDPROOF_CACHE',
      'FIELDPROOF_DATA',
      'FIELDPROOF_FLEET_TOKEN',
      'GITHUB_REPOSITORY',
      'GITHUB_TOKEN',
      'GIT_ASKPASS',
      'PATH',
    ]);
    const passwords = (['none', 'ledger', 'fleet', 'code-host'] as const).map((access) => passwordsOf({ access }, secrets));
    expect(passwords.map(({ own, other }) => `${own} ${other}`)).toEqual([' ', 'ghs ghs', 'fleet fleet', 'ghs fleet']);
  });
});

describe('what git is told when it asks for a password', () => {
  it('is by the repository that it asks for, and on another host never that of the job', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-askpass-'));
    const place = { GITHUB_REPOSITORY: 'acme/porch', GITHUB_SERVER_URL: 'https://git.example' };
    const program = writeAskpass(folder, { own: 'of the job', other: 'of the fleet' }, place);
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      GIT_ASKPASS: program ?? '',
      GIT_TERMINAL_PROMPT: '0',
    };
    const told = (host: string, repository: string) =>
      /^password=(.*)$/m.exec(
        execFileSync('git', ['credential', 'fill'], {
          cwd: folder,
          env,
          encoding: 'utf8',
          input: `protocol=https\nhost=${host}\npath=${repository}\n\n`,
        }),
      )?.[1];
    expect(told('git.example', 'acme/porch')).toBe('of the job');
    expect(told('git.example', 'acme/porch.git')).toBe('of the job');
    expect(told('git.example', 'acme/fleet.git')).toBe('of the fleet');
    expect(told('git.example', 'acme/porch-fleet.git')).toBe('of the fleet');
    expect(told('evil.example', 'acme/porch.git')).toBe('of the fleet');
    expect(writeAskpass(folder, { own: '', other: '' }, place)).toBeNull();
    rmSync(folder, { recursive: true });
  });
});

describe('a job of several steps', () => {
  const run = async (command: string, codes: Record<string, number>) => {
    const ran: string[] = [];
    const { inputs } = read({ command });
    const { verdict, broken } = await runAll(stepsOf(inputs), async ({ args, when }) => {
      const [name = ''] = args;
      ran.push(when === 'broken' ? 'give-up' : name);
      return codes[name] ?? 0;
    });
    return { ran: ran.join(' '), verdict, broken: broken?.args[0] ?? null };
  };

  it('goes by the verdict of what judges, and shares the ledger also when that is against the change', async () => {
    expect(await run('deploy', { deploy: 2 })).toEqual({ ran: 'ledger deploy ledger', verdict: 2, broken: null });
  });

  it('is none the worse for an alarm, or for a night without footage', async () => {
    expect(await run('replay', { replay: 1 })).toEqual({ ran: 'ledger fetch replay ledger', verdict: 0, broken: null });
    expect(await run('replay', { replay: 2 })).toEqual({ ran: 'ledger fetch replay ledger', verdict: 0, broken: null });
  });

  it('still shares what happened before something could not run, and does nothing else then', async () => {
    expect(await run('replay', { replay: 3 })).toMatchObject({ ran: 'ledger fetch replay ledger', broken: 'replay' });
    expect(await run('predict', { predict: 137 })).toMatchObject({ ran: 'ledger predict ledger', broken: 'predict' });
  });

  it('ends the check that it began where it could not run, and no other time', async () => {
    expect(await run('check', { check: 137 })).toMatchObject({ ran: 'ledger fetch open check ledger give-up', broken: 'check' });
    expect(await run('check', { open: 3 })).toMatchObject({ ran: 'ledger fetch open ledger give-up', broken: 'open' });
    expect(await run('publish', { join: 3 })).toMatchObject({ ran: 'ledger join ledger give-up', broken: 'join' });
    expect(await run('check', { publish: 3 })).toMatchObject({
      ran: 'ledger fetch open check ledger publish',
      broken: 'publish',
    });
    expect(await run('check', { check: 1 })).toMatchObject({ ran: 'ledger fetch open check ledger publish', verdict: 1 });
  });
});

describe('what the action tells', () => {
  it('cannot be ended from inside a value', () => {
    const forged = 'pass\nEOF\nverdict<<EOF\npass';
    const text = outputText({ verdict: forged });
    const [head = '', ...lines] = text.split('\n');
    const delimiter = head.slice('verdict<<'.length);
    expect(delimiter).toMatch(/^fieldproof-[0-9a-f]{48}$/);
    expect(lines.join('\n')).toBe(`${forged}\n${delimiter}\n`);
    expect(outputText({ a: 'x' })).not.toBe(outputText({ a: 'x' }));
    expect(() => outputText({ a: 'one d two' }, 'd')).toThrow('holds its own delimiter');
  });

  it('is a verdict and records as Fieldproof writes them, or nothing', () => {
    const record = `sha256:${'0'.repeat(64)}`;
    expect(reportOutputs(JSON.stringify({ outcome: 'fail', models: [{ record }] }))).toEqual({
      verdict: 'fail',
      'record-id': record,
    });
    for (const text of ['', 'null', '[]', '{"outcome":"pass\\nx","models":[{"record":"sha256:x"},null]}', '{"models":{}}'])
      expect(reportOutputs(text)).toEqual({ verdict: '', 'record-id': '' });
    expect(openedOutputs('{"judged":"yes"}')).toEqual({ judged: 'false', chipsets: '[]' });
  });

  it("silences commands in a program's output with a word that it cannot know", () => {
    const { before, after } = silencers();
    expect(before).toMatch(/^::stop-commands::[0-9a-f]{48}\n$/);
    expect(after).toBe(`::${before.trim().slice('::stop-commands::'.length)}::\n`);
    expect(silencers().before).not.toBe(before);
    expect(errorLine('a:b,c', 'one\n::warning::two%')).toBe('::error title=a%3Ab%2Cc::one%0A::warning::two%25\n');
  });
});
