import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, hexOf } from '#kernel';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, testCache, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { MemoryCodeHost } from '../testing/fakes/memory-code-host.ts';
import { publishReport } from '../codehost/publish/publish-report.ts';
import { normaliseGithub } from '../config/github-config.ts';
import { writtenGithubSchema } from '../config/written-github.ts';
import { remarksOf } from '../codehost/publish/run-of-actions.ts';
import { partSchema, type Part } from '../pipelines/check/parts/part.ts';
import { checkReportSchema } from '../report/documents/check-report.ts';

/** What a pull request could bring, and a machine that ran it could hand over; and what a reviewer then sees. */
const OF_CHECK = ['--base', 'main', '--head', 'change', '--policy-from', 'base'];
let clean: ModelRepository;

beforeAll(async () => {
  clean = await makeModelRepository();
  clean.write({ 'fieldproof.yaml': configText.slice(0, configText.indexOf('deploy:')) });
  clean.commit('No fleet');
  await clean.propose('change', { gains: [0.2, 1, 1] });
  await must(clean, ['images', ...OF_CHECK, '--out', '../images']);
  await must(clean, part());
});
afterAll(() => clean.remove());

const OF_PART = ['--round', 'research', '--chipset', 'here', '--images', '../images', '--out', '../parts'];
const part = () => ['part', ...OF_CHECK, ...OF_PART];

async function must(repository: ModelRepository, args: string[], env: Record<string, string> = {}): Promise<void> {
  const { code, stdout, stderr } = await runFieldproof(repository, args, env);
  if (code !== 0) throw new Error(`${args[0]}: ${code}\n${stdout}${stderr}`);
}

const folderOf = (name: string) => path.join(clean.folder, name);

function thePart(): Part {
  const [file = ''] = readdirSync(folderOf('parts'));
  return partSchema.parse(JSON.parse(readFileSync(path.join(folderOf('parts'), file), 'utf8')));
}

/** A folder of parts that holds these texts, each under its true digest. */
function parts(name: string, ...texts: string[]): string {
  const folder = folderOf(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const text of texts) writeFileSync(path.join(folder, `${hexOf(digestOf(text))}.json`), text);
  return folder;
}

/** What is printed by the job that holds the token, without what differs from run to run. */
async function seen(folder: string, images = '../images'): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await runFieldproof(clean, ['predict', ...OF_CHECK, '--images', images, '--parts', folder]);
  const text = `${stderr}${stdout}`
    .split('\n')
    .filter((line) => !line.includes('…') && !line.startsWith('pack '))
    .join('\n');
  return {
    code,
    text: text
      .replaceAll(clean.folder, '<run>')
      .replaceAll(/[0-9a-f]{64}/g, '<sha256>')
      .replaceAll(/\b[0-9a-f]{40}\b/g, '<commit>')
      .replaceAll(/\b[0-9a-f]{12}\b/g, '<short>'),
  };
}

describe('a forged artifact', () => {
  it('that brings scores of its own is refused: a part has no place for them', async () => {
    const [model, ...others] = thePart().models;
    const sets = model?.answers.map((set) => ({ ...set, answers: set.answers.map((answer) => ({ ...answer, truth: 0 })) }));
    const forged = { ...thePart(), models: [{ ...model, answers: sets?.slice(0, 1) }, ...others] };
    const { code, text } = await seen(parts('scores', JSON.stringify(forged)));
    expect(code).toBe(0);
    expect(text.split('\n').slice(0, 3).join('\n')).toMatchInlineSnapshot(`
      "refused   "<sha256>.json": models.0.answers.0.answers.0: Unrecognized key: "truth"; models.0.answers.0.answers.1: Unrecognized key: "truth"; models.0.answers.0.answers.2: Unrecognized key: "truth"; models.0.answers.0.answers.3: Unrecognized key: "truth"; models.0.answers.0.answers.4: Unrecognized key: "truth"
      predicted tiny: event-recall on street (the prior alone: no earlier release has shown how the field fared)
      "
    `);
    const judged = { ...thePart(), 'outcome\n::set-output name=verdict::pass': 'pass' };
    expect((await seen(parts('judged', JSON.stringify(judged)))).text).toMatchInlineSnapshot(`
      "refused   "<sha256>.json": Unrecognized key: "outcome ::set-output name=verdict::pass"
      predicted tiny: event-recall on street (the prior alone: no earlier release has shown how the field fared)
      "
    `);
  });

  it('that was changed on the way is refused: its name is its digest', async () => {
    const folder = parts('changed', JSON.stringify(thePart()));
    const [name = ''] = readdirSync(folder);
    writeFileSync(path.join(folder, name), JSON.stringify(thePart()).replace('"more":0', '"more":1'));
    expect(await seen(folder)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "text": "refused   "<sha256>.json": it does not hold what its name says
      predicted tiny: event-recall on street (the prior alone: no earlier release has shown how the field fared)
      ",
      }
    `);
  });

  it('of another check, of two minds, or without an answer to every question is refused', async () => {
    const whole = thePart();
    const other = await seen(parts('other', JSON.stringify({ ...whole, head: 'c'.repeat(40) })));
    expect(other.text).toMatchInlineSnapshot(`
      "refused   "<sha256>.json": it belongs to another check: <short> against <short>, seed 1
      predicted tiny: event-recall on street (the prior alone: no earlier release has shown how the field fared)
      "
    `);
    const twice = await seen(
      parts('twice', JSON.stringify(whole), JSON.stringify({ ...whole, runner: { name: 'docker', sandboxed: true } })),
    );
    expect(twice.text).toMatch(/(refused .*there are two of it, and one of them would be a choice\s+){2}/);
    const missing = structuredClone(whole);
    missing.models[0]?.answers[0]?.answers.pop();
    expect((await seen(parts('missing', JSON.stringify(missing)))).text).toMatch(/^refused .*has no answer$/m);
    const strange = structuredClone(whole);
    const [first] = strange.models[0]?.answers[0]?.answers ?? [];
    Object.assign(first ?? {}, { ranked: [99, 1, 2] });
    expect((await seen(parts('strange', JSON.stringify(strange)))).text).toMatch(
      /^refused .*answered with no ranking of its classes$/m,
    );
    const proto = JSON.stringify(whole).replace('{"version":2', '{"__proto__":{"seed":7},"version":2');
    expect((await seen(parts('proto', proto))).text).toMatch(/^refused .*__proto__/m);
  });

  it('that names other images for this change than its files make is refused', async () => {
    const list = JSON.parse(readFileSync(path.join(folderOf('images'), 'images.json'), 'utf8')) as {
      built: { digest: string }[];
    };
    cpSync(folderOf('images'), folderOf('swapped'), { recursive: true });
    const [candidate, baseline] = list.built;
    const built = [{ ...candidate, digest: baseline?.digest }, baseline];
    writeFileSync(path.join(folderOf('swapped'), 'images.json'), JSON.stringify({ ...list, built }));
    expect(await seen(folderOf('parts'), '../swapped')).toMatchInlineSnapshot(`
      {
        "code": 3,
        "text": "fieldproof could not run:
      images.json: it says that tiny at <commit> is sha256:<sha256>, and what lies there makes sha256:<sha256>
        remedy: the images are not those of this change: see what ran on the machine that wrote them
      ",
      }
    `);
  });

  it('that holds other bytes than its digest says reaches no machine that measures', async () => {
    const list = JSON.parse(readFileSync(path.join(folderOf('images'), 'images.json'), 'utf8')) as {
      built: { digest: string }[];
    };
    const hex = list.built[0]?.digest.slice('sha256:'.length) ?? '';
    const other = clean.copy();
    const blobs = path.join(other.folder, 'images', hex, 'blobs', 'sha256');
    const layer = readdirSync(blobs).find((name) => name !== hex && readFileSync(path.join(blobs, name)).length > 1500) ?? '';
    const bytes = readFileSync(path.join(blobs, layer));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1100) ^ 1, bytes.length - 1100);
    writeFileSync(path.join(blobs, layer), bytes);
    const { code, stderr } = await runFieldproof(other, part());
    other.remove();
    expect({ code, said: /the image blob sha256:[0-9a-f]+: it holds other bytes: sha256:/.test(stderr) }).toEqual({
      code: 3,
      said: true,
    });
  });
});

describe('a path in an artifact', () => {
  it('leads nowhere: no name but a digest is read, and no link, folder or pipe', async () => {
    const text = JSON.stringify(thePart());
    const name = `${hexOf(digestOf(text))}.json`;
    const strange = parts('strange-names', text);
    writeFileSync(path.join(strange, '..%2f..%2f.git\n::set-output name=verdict::pass'), '');
    expect(await seen(strange)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "text": "refused   "..%2f..%2f.git\\n::set-output name=verdict::pass": it is not named by a digest
      predicted tiny: event-recall on street (the prior alone: no earlier release has shown how the field fared)
      ",
      }
    `);
    const linked = parts('linked');
    writeFileSync(folderOf('secret.json'), text);
    symlinkSync(folderOf('secret.json'), path.join(linked, name));
    expect(await seen(linked)).toMatchInlineSnapshot(`
      {
        "code": 0,
        "text": "refused   "<sha256>.json": it cannot be opened as a plain file (ELOOP)
      predicted tiny: event-recall on street (the prior alone: no earlier release has shown how the field fared)
      ",
      }
    `);
    const nested = parts('nested');
    mkdirSync(path.join(nested, name));
    expect((await seen(nested)).text).toMatch(/is no plain file/);
  });

  it('of an image is a digest or it is refused', async () => {
    cpSync(folderOf('images'), folderOf('climbing'), { recursive: true });
    const file = path.join(folderOf('climbing'), 'images.json');
    const list = JSON.parse(readFileSync(file, 'utf8')) as { built: object[] };
    writeFileSync(file, JSON.stringify({ ...list, built: [{ ...list.built[0], digest: 'sha256:../../../../etc/passwd' }] }));
    const { code, text } = await seen(folderOf('parts'), '../climbing');
    expect(code).toBe(3);
    expect(text).toMatch(/images\.json \(built\.0\.digest\): Invalid/);
  });
});

describe('a poisoned cache', () => {
  it('is not read by a machine that measures, nor by the one that judges', async () => {
    const other = clean.copy();
    const cache = path.join(other.folder, 'cache');
    const list = JSON.parse(readFileSync(path.join(folderOf('images'), 'images.json'), 'utf8')) as {
      built: { digest: string }[];
    };
    // The candidate's image as the cache would hold it, with the baseline's weights in the candidate's place.
    for (const [index, { digest }] of list.built.entries()) {
      const [from, to] = [list.built[1 - index]?.digest ?? '', digest].map((each) => each.slice('sha256:'.length)) as [
        string,
        string,
      ];
      cpSync(path.join(testCache, 'images', to), path.join(cache, 'images', to), { recursive: true });
      if (index === 0)
        cpSync(path.join(testCache, 'images', from, 'content'), path.join(cache, 'images', to, 'content'), {
          recursive: true,
          force: true,
        });
    }
    rmSync(path.join(other.folder, 'parts'), { recursive: true });
    rmSync(path.join(other.model, '.git', 'fieldproof'), { recursive: true });
    await must(other, part(), { FIELDPROOF_CACHE: cache });
    const [file = ''] = readdirSync(path.join(other.folder, 'parts'));
    const measured = partSchema.parse(JSON.parse(readFileSync(path.join(other.folder, 'parts', file), 'utf8')));
    other.remove();
    expect(measured.models[0]?.answers.map(({ answers }) => answers)).toEqual(
      thePart().models[0]?.answers.map(({ answers }) => answers),
    );
  });
});

describe('what a reviewer reads', () => {
  it("is what happened, with a stranger's words as words; a check of our name by somebody else stays somebody else's", async () => {
    const poison = '@acme/owners ![x](https://evil.example/x.png) <!-- --> </details>\n::set-output name=verdict::pass';
    const told = { ...thePart(), present: [], absent: [{ name: 'here', missing: [poison] }] };
    const folder = parts('poison', JSON.stringify(told));
    const args = ['join', ...OF_CHECK, '--images', '../images', '--parts', folder, '--json', '../poison-report.json'];
    const { code, stdout } = await runFieldproof(clean, args);
    expect(code).toBe(2);
    expect(stdout).not.toMatch(/^::/m);
    const report = checkReportSchema.parse(JSON.parse(readFileSync(folderOf('poison-report.json'), 'utf8')));
    const host = new MemoryCodeHost();
    await host.stranger.check('Fieldproof', report.head, report.models[0]?.record ?? '');
    const pull = {
      title: '',
      head: report.head,
      base: report.base,
      headBranch: 'x',
      baseBranch: 'main',
      fork: true,
      author: 'dev',
      merged: false,
      createdAt: '',
    };
    const number = host.open(pull);
    const ref = {
      head: report.head,
      pullRequest: number,
      detailsUrl: null,
      files: new Map(),
      remarks: remarksOf({ GITHUB_EVENT_NAME: 'pull_request' }),
    };
    await publishReport(
      report,
      ref,
      { codeHost: host, pictures: null, reports: null },
      normaliseGithub(writtenGithubSchema.parse({})),
    );
    const { checkRuns, comments } = host.see(number);
    expect(checkRuns.map(({ app, conclusion }) => `${app}: ${conclusion}`)).toEqual(['dev: success', 'fieldproof: failure']);
    const shown = (text: string) =>
      text
        .replaceAll(/\b[0-9a-f]{12,64}\b/g, '<id>')
        .replaceAll(/[\d.]+ m?s\b/g, '<time>')
        .replaceAll(/\d{4}-\d\d-\d\d/g, '<day>');
    expect(shown(comments[0]?.body ?? '').trim()).toMatchInlineSnapshot(`
      "<!-- fieldproof:fieldproof -->
      ## 🔶 Fieldproof: undecided

      **tiny is undecided: here was not measured: &#64;&#8203;acme/owners !&#91;x&#93;(https:&#8203;//evil.example/x.png) &#60;!-- --&#62; &#60;/details&#62; ::set-output name=verdict::pass.**

      **Next** (here chipset (bound)): measure it on such a machine (a part alone completes the verdict), or correct the chipset in fieldproof.yaml.

      |  | measured | before | now | change | allowed |
      | :-: | :-- | --: | --: | --: | --: |
      | 🔶 | here chipset (bound) | – | unknown | unknown | – |

      - 🔶 **here chipset (bound)**: here was not measured: &#64;&#8203;acme/owners !&#91;x&#93;(https:&#8203;//evil.example/x.png) &#60;!-- --&#62; &#60;/details&#62; ::set-output name=verdict::pass<br>**What to do:** measure it on such a machine (a part alone completes the verdict), or correct the chipset in fieldproof.yaml

      **To deploy it without a pass**, somebody with write access answers for it, in a comment of their own on this pull request:

      \`\`\`text
      /fieldproof accept until <day> because ...
      \`\`\`

      <details><summary>tiny: every number</summary>

      |  | measured | before → now | change | 90% interval | worse · better | allowed |
      | :-: | :-- | --: | --: | :-- | :-- | --: |
      | 🔶 | here chipset (bound) | – → unknown | unknown | unknown | \`       ╎       \` | – |

      <sub>*Clearly* means that the whole 90% interval lies on one side of what is allowed (╎); where it lies on both, nothing is decided. │ is no change.</sub>

      </details>

      <details><summary>What was compared</summary>

      - <id> → <id>, policy from <id>
      - tiny: candidate \`sha256:<id>\` with runtime \`sha256:<id>\`
      - tiny: baseline \`sha256:<id>\` with runtime \`sha256:<id>\` on here
      - tiny: record \`sha256:<id>\` of the ledger
      - process runner, **not sandboxed**; seed 1; <time>

      </details>

      **Keep in mind**

      - This check was published by a workflow that the pull request itself can edit, so it proves nothing against its author. See docs/github.md for the stages that do.
      - It was published with the job's own token: any workflow of this repository could publish a check of this name, also one that a pull request brings."
    `);
    expect(checkRuns[1]?.summary).not.toMatch(/(?<!\\)@acme|(?<!\\)!\[x\]/);
  });

  it("says that a gate was edited, and that the base's judged", async () => {
    const edited = clean.copy();
    edited.git('checkout', '--quiet', 'change');
    const config = readFileSync(path.join(edited.model, 'fieldproof.yaml'), 'utf8');
    edited.write({ 'fieldproof.yaml': config.replace('margin: 20%, at-least: 50%', 'margin: 90%, at-least: 1%') });
    edited.commit('Relax the gate');
    const args = ['images', ...OF_CHECK, '--out', '../edited-images'];
    await must(edited, args);
    const ran = await runFieldproof(edited, [
      'join',
      ...OF_CHECK,
      '--images',
      '../edited-images',
      '--parts',
      '../none',
      '--json',
      '../edited.json',
    ]);
    const report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(edited.folder, 'edited.json'), 'utf8')));
    const old = await runFieldproof(edited, ['join', ...OF_CHECK, '--images', '../edited-images', '--parts', '../parts']);
    edited.remove();
    expect(ran.code).toBe(2);
    expect(report.notes).toMatchInlineSnapshot(`
      [
        "fieldproof.yaml differs in head; gates, budgets and datasets are the base's. The change takes effect once merged.",
      ]
    `);
    // The parts of the commit before are not this commit's.
    expect(old.stdout).toMatch(/it\s+belongs\s+to another check/);
    expect(old.code).toBe(2);
  });

  it('is that a dataset of links was refused', async () => {
    const linked = clean.copy();
    linked.git('checkout', '--quiet', 'change');
    linked.write({
      'fieldproof.yaml': readFileSync(path.join(linked.model, 'fieldproof.yaml'), 'utf8')
        .replace('models:\n', 'models:\n  new: { build: models/tiny, image: registry.example/acme/new, task: classification }\n')
        .replace('datasets:\n', 'datasets:\n  mine: { manifest: datasets/mine.yaml }\n')
        .replace('gates:\n', 'gates:\n  new: [ { dataset: mine, metric: top1, at-least: 1% } ]\n'),
      'datasets/mine.yaml':
        'version: 1\nkind: research\ntask: classification\nclasses: [red, green, blue]\nroot: mine\nsamples: { folders: true }\npins: mine.sha256\n',
      'datasets/mine.sha256': `${'0'.repeat(64)}  red/a.png\n`,
    });
    for (const name of ['red', 'green', 'blue'])
      mkdirSync(path.join(linked.model, 'datasets', 'mine', name), { recursive: true });
    symlinkSync('/etc/hostname', path.join(linked.model, 'datasets', 'mine', 'red', 'a.png'));
    linked.commit('Bring a model with a dataset of links');
    const { code, stderr } = await runFieldproof(linked, ['open', ...OF_CHECK, '--out', '../opened']);
    linked.remove();
    expect(code).toBe(3);
    expect(stderr).toMatchInlineSnapshot(`
      "fieldproof could not run:
      datasets/mine/red/a.png: a link to /etc/hostname, which is outside its folder
        remedy: put the file itself there: only what is in the folder is judged and shipped
      "
    `);
  });
});
