import { setTimeout as sleep } from 'node:timers/promises';
import type { PorchOnRig } from '../../testing/worlds/porch-on-rig.ts';
import { untilTrue } from '../../testing/rig/kube-client.ts';
import type { Running } from '../../testing/rig/running.ts';
import { CANARY, INT8, NIGHT_AND_RAIN, OTHERS, SITES } from './fleet-repository.ts';
import type { PullRequest } from './history.ts';
import type { Proofs } from './proofs.ts';
import { factsOf } from '../../history/read-facts.ts';

const BAD_SITE = 'gate-porto';
/** Milliseconds in which somebody might call a site healthy that is not. */
const LOOK = 5000;
const KIOSK = 'apps/kiosk/README.md';
const short = (id: string) => id.slice(0, 12);

/** What happens to the team's fleet of one controller, step by step. */
export class FleetStory {
  readonly #porch: PorchOnRig;
  readonly #proofs: Proofs;
  /** The model that all sites run once it has landed, and the commit of the fleet repository that says so. */
  #good = { digest: '', commit: '' };

  constructor(porch: PorchOnRig, proofs: Proofs) {
    this.#porch = porch;
    this.#proofs = proofs;
  }

  /** What runs before anything is compared with it. */
  async begin(): Promise<void> {
    say('the first release, to all sites at once: check, deploy --no-wait');
    const digest = await this.#porch.judgeMain();
    this.#proofs.check('it has landed', (await this.#porch.fieldproof(['deploy', '--no-wait']).ended) === 0);
    await this.#run(digest, this.#tip());
  }

  /** A change that passes goes out in two waves, and nothing is healthy before it is. */
  async land(): Promise<void> {
    const porch = this.#porch;
    const { rig, field } = porch;
    const digest = await this.#judge(NIGHT_AND_RAIN);
    say(`deploy --wait: wave 1 is ${CANARY}, wave 2 ${OTHERS.join(' and ')}; no pod of ${CANARY} may become ready for now`);
    const before = porch.deployed(CANARY);
    await rig.site(CANARY).setFate({ fate: 'held', digest });
    const running = this.#deploy();
    await running.until(new RegExp(`at ${CANARY} .*: progressing\\.`));
    const wave = this.#tip();
    await untilTrue(async () => (await field.begunWith(CANARY)) === wave, `${CANARY} to begin with ${wave}`);
    await sleep(LOOK);
    const early = await this.#wordsAt(wave);
    this.#proofs.check(
      `while its readiness is held back, ${CANARY} is progressing and no site is healthy at ${short(wave)}`,
      early.includes(`${CANARY} progressing`) && !early.some((word) => word.endsWith('healthy')) && !running.said(/: healthy\./),
    );
    this.#proofs.check('the controller itself does not call it healthy there', (await field.healthyAt(CANARY)) !== wave);
    this.#proofs.check(
      'the other sites are not told of it yet',
      porch.deployed(CANARY) === digest && OTHERS.every((site) => porch.deployed(site) === before),
    );
    await rig.site(CANARY).clearFate(digest);
    this.#proofs.check('then deploy ends with 0, healthy', (await running.ended) === 0 && running.said(/^healthy +porch: /));
    this.#good = { digest, commit: this.#tip() };
    await this.#provedWaves(wave, this.#good.commit);
    await this.#run(digest, this.#good.commit);
  }

  async #provedWaves(first: string, second: string): Promise<void> {
    const porch = this.#porch;
    const subjects = porch.git('log', '--format=%s', '-2', 'main').split('\n');
    const files = [first, second].map((commit) => porch.changed(commit).join(' '));
    this.#proofs.check(
      `two commits: ${short(first)} changes ${CANARY} alone, ${short(second)} the others`,
      subjects.every((subject, index) => subject.endsWith(`wave ${2 - index} of 2`)) &&
        SITES.every((site) => files.findIndex((paths) => paths.includes(site)) === (site === CANARY ? 0 : 1)) &&
        files[1]?.includes(CANARY) === false,
    );
    for (const site of SITES) {
      const commit = site === CANARY ? first : second;
      this.#proofs.check(
        `the ledger has ${site} healthy at exactly ${short(commit)}`,
        (await this.#rollouts(commit)).some(
          (fact) => fact.site === site && fact.state === 'healthy' && fact.revision?.endsWith(commit),
        ),
      );
    }
  }

  /** A change that passes too, and whose pods crash at one site of the second wave. */
  async takeBack(): Promise<void> {
    const porch = this.#porch;
    const { rig } = porch;
    const bad = await this.#judge(INT8);
    say(`deploy --wait: its pods crash at ${BAD_SITE}, and another team lands something in between`);
    await rig.site(BAD_SITE).setFate({ fate: 'crashes', digest: bad });
    const running = this.#deploy();
    await running.until(new RegExp(`at ${BAD_SITE} .*CrashLoopBackOff`));
    const kiosk = porch.commit({ [KIOSK]: 'of another team\n' }, 'Add the kiosk');
    this.#proofs.check('deploy ends with 1, reverted', (await running.ended) === 1 && running.said(/^reverted +porch: /));
    const revert = this.#tip();
    const facts = factsOf(await this.#porch.entries(), 'rollout').map(({ fact }) => fact);
    const failed = facts.find(({ site, state }) => site === BAD_SITE && state === 'failed');
    console.log(`    in the controller's words: ${failed?.reason ?? 'none'}`);
    this.#proofs.check(`${BAD_SITE} failed by the controller's word`, /CrashLoopBackOff/.test(failed?.reason ?? ''));
    const waves = porch
      .git('rev-list', `${this.#good.commit}..main`)
      .split('\n')
      .filter((id) => id !== revert && id !== kiosk);
    this.#proofs.check(
      `one commit, ${short(revert)}, takes both waves back`,
      waves.length === 2 &&
        waves.every((wave) => porch.git('log', '-1', '--format=%(trailers:key=Fieldproof-Reverts)', revert).includes(wave)),
    );
    this.#proofs.check(
      'it changes what the release had written, and nothing else',
      porch.changed(revert).join('\n') === porch.changed(...waves).join('\n') &&
        porch.git('diff', '--name-only', this.#good.commit, 'main') === KIOSK,
    );
    await this.#run(this.#good.digest, revert);
    const again = this.#deploy();
    this.#proofs.check(
      'the same release is refused on the next try, and nothing moves',
      (await again.ended) === 1 && again.said(/^refused +porch: held since /) && this.#tip() === revert,
    );
    this.#proofs.check(
      'no site is told to run it',
      SITES.every((site) => porch.deployed(site) === this.#good.digest),
    );
  }

  async #judge(pullRequest: PullRequest): Promise<string> {
    say(`pull request: ${pullRequest.title}`);
    return await this.#porch.judge(pullRequest);
  }

  #deploy(): Running {
    return this.#porch.fieldproof(['deploy', '--wait']);
  }

  /** All sites run this digest, and their controllers call this commit healthy. */
  async #run(digest: string, commit: string): Promise<void> {
    const { field } = this.#porch;
    for (const site of SITES) {
      await this.#proofs.soon(
        `${site} runs ${digest.slice(0, 19)}, and its controller is healthy at ${short(commit)}`,
        async () => (await field.running(site)).join() === digest && (await field.healthyAt(site)) === commit,
      );
      console.log(`    ${field.words(site)}`);
    }
  }

  async #rollouts(commit: string) {
    const facts = factsOf(await this.#porch.entries(), 'rollout').map(({ fact }) => fact);
    return facts.filter(({ fleetCommit }) => fleetCommit === commit);
  }

  async #wordsAt(commit: string): Promise<string[]> {
    return (await this.#rollouts(commit)).map(({ site, state }) => `${site} ${state}`);
  }

  #tip(): string {
    return this.#porch.git('rev-parse', 'main');
  }
}

function say(text: string): void {
  console.log(`\n== ${text}`);
}
