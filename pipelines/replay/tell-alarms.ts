import { digestOfJson, type Digest } from '#kernel';
import type { Entry } from '#ledger';
import type { ReplayConfig } from '../config/replays.ts';
import { alarmFacts, type Followed } from './conclude.ts';
import { asReplayFact, replayFacts, type AlarmFact } from './facts.ts';
import { alarmMarker, alarmTitle, endedComment, issueBody } from './issue-text.ts';
import type { ReplayPorts } from './ports.ts';

/** What this run told the code host. */
export type Told = { title: string; what: 'opened' | 'closed'; url: string | null };

/**
 * Writes every alarm down, then tells the code host: one issue for each model, site and signal, updated while its alarm stands
 * and closed when it has ended. Whatever a killed run has not told yet is told by the next.
 */
export async function tellAlarms(followed: readonly Followed[], config: ReplayConfig, ports: ReplayPorts): Promise<Told[]> {
  const facts = alarmFacts(followed, config);
  const ids = await ports.ledger.append(facts.map(asReplayFact));
  if (ports.codeHost === null) return [];
  const entries = await ports.ledger.entries();
  const told = new Set(replayFacts(entries, config.model, 'told').map(({ fact }) => fact.of));
  const done: Told[] = [];
  for (const [index, fact] of facts.entries()) {
    const id = ids[index];
    if (id === undefined) continue;
    const next = isEnded(fact, facts) ? null : digestOfJson({ alarm: id, nights: nightsSince(fact, followed).length });
    const news = fact.state === 'raised' && next !== null ? next : id;
    // An alarm that is over before anybody was told of it still has its issue, for somebody to learn of it.
    if (told.has(news) || (fact.state === 'raised' && next === null && told.has(id))) continue;
    done.push(await tell(fact, followed, config, { entries, ports }));
    await ports.ledger.append(
      [...new Set([id, news])].map((of: Digest) => asReplayFact({ kind: 'told', model: config.model, of })),
    );
  }
  return done;
}

type Telling = { entries: readonly Entry[]; ports: ReplayPorts };

async function tell(
  fact: AlarmFact,
  followed: readonly Followed[],
  config: ReplayConfig,
  { entries, ports }: Telling,
): Promise<Told> {
  const [marker, title] = [alarmMarker(fact), alarmTitle(fact)];
  if (fact.state === 'ended') {
    await ports.codeHost?.issues.close({ marker, comment: endedComment(fact, config) });
    return { title, what: 'closed', url: null };
  }
  const nights = nightsSince(fact, followed);
  const body = issueBody({ fact, nights, clips: clipsSince(fact, entries), config });
  const issue = await ports.codeHost?.issues.upsert({ marker, title, body, labels: config.issueLabels });
  return { title, what: 'opened', url: issue?.url ?? null };
}

function isEnded(fact: AlarmFact, facts: readonly AlarmFact[]): boolean {
  return facts.some(
    (other) =>
      other.state === 'ended' && other.site === fact.site && other.signal === fact.signal && other.raised === fact.raised,
  );
}

function nightsSince({ site, signal, started }: AlarmFact, followed: readonly Followed[]): Followed['values'] {
  const values = followed.find((one) => one.site === site && one.signal === signal)?.values ?? [];
  return values.filter(({ night }) => night >= started);
}

/** The clips of the site since the change began, in the slice that it is concentrated in; the clearest first. */
function clipsSince({ model, site, signal, started, slice, before, since }: AlarmFact, entries: readonly Entry[]): string[] {
  const [name = '', value = ''] = slice.split('=');
  const sign = since < before ? 1 : -1;
  const weight = (clip: { detections: readonly unknown[]; top: number; disagreement: number | null }) =>
    signal === 'event-rate' ? clip.detections.length : signal === 'disagreement' ? (clip.disagreement ?? 0) : clip.top;
  return replayFacts(entries, model, 'night')
    .filter(({ fact }) => fact.night >= started)
    .flatMap(({ fact }) => fact.clips.filter((clip) => clip.site === site && (slice === '' || clip.conditions[name] === value)))
    .toSorted((a, b) => sign * (weight(a) - weight(b)) || (a.file < b.file ? -1 : 1))
    .map(({ file }) => file);
}
