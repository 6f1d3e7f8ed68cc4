import { digestOfJson, type Digest } from '#kernel';
import type { Footage, ReplayQuestion } from '#datasets';
import type { Entry } from '#ledger';
import type { ReplayConfig } from '#config';
import { alarmFacts, type Followed } from './conclude.ts';
import { factsAbout, type AlarmFact, type ClipOfNight, appendFacts } from '#history';
import type { Announced } from '#report';
import { alarmMarker, alarmTitle, endedComment, issueBody } from './issue-text.ts';
import { pictureClips } from './picture-clips.ts';
import type { ReplayPorts } from './ports.ts';
import { withdrawAlarms } from './withdraw-alarms.ts';

/**
 * Records every alarm, then announces it on the code host: one issue for each model, site and signal, updated while its alarm
 * stands and closed when it has ended. Whatever a killed run did not announce, the next one does.
 */
export async function announceAlarms(followed: readonly Followed[], to: Announcing): Promise<Announced[]> {
  const { config, ports } = to;
  const facts = alarmFacts(followed, config);
  const ids = await appendFacts(ports.ledger, facts);
  if (ports.codeHost === null) return [];
  const entries = await ports.ledger.entries();
  const announced = new Set(factsAbout(entries, config.model, 'told').map(({ fact }) => fact.of));
  const done = await withdrawAlarms(entries, facts, config, ports);
  for (const [index, fact] of facts.entries()) {
    const id = ids[index];
    if (id === undefined) continue;
    const news = newsOf(id, fact, facts, followed);
    if (announced.has(news)) continue;
    const what = fact.state === 'ended' ? 'closed' : announced.has(id) ? 'updated' : 'opened';
    done.push(await announce({ id, fact }, what, followed, entries, to));
    await appendFacts(
      ports.ledger,
      [id, news].map((of) => ({ kind: 'told', model: config.model, of }) as const),
    );
  }
  return done;
}

/** What is news of an alarm: itself once, and while it stands, each further night. */
function newsOf(id: Digest, fact: AlarmFact, facts: readonly AlarmFact[], followed: readonly Followed[]): Digest {
  if (fact.state === 'ended' || isEnded(fact, facts)) return id;
  return digestOfJson({ alarm: id, nights: nightsSince(fact, followed).length });
}

type Announcing = { config: ReplayConfig; question: ReplayQuestion; footage: Footage; ports: ReplayPorts };

/** Pictures in an issue, at most. */
const PICTURES = 6;

async function announce(
  { id, fact }: { id: Digest; fact: AlarmFact },
  what: Announced['what'],
  followed: readonly Followed[],
  entries: readonly Entry[],
  to: Announcing,
): Promise<Announced> {
  const { config, ports } = to;
  const [marker, title] = [alarmMarker(fact), alarmTitle(fact)];
  if (fact.state === 'ended') {
    await ports.codeHost?.issues.close({ marker, comment: endedComment(fact, config) });
    return { title, what, url: null };
  }
  const nights = nightsSince(fact, followed);
  const clips = clipsSince(fact, entries);
  const pictures = await pictureClips(clips.slice(0, PICTURES), { ...to, model: config.model, entries });
  const body = issueBody({ fact, record: id, nights, clips: clips.map(({ file }) => file), pictures, config });
  const issue = await ports.codeHost?.issues.upsert({ marker, title, body, labels: config.issueLabels });
  return { title, what, url: issue?.url ?? null };
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
function clipsSince({ model, site, signal, started, slice, before, since }: AlarmFact, entries: readonly Entry[]): ClipOfNight[] {
  const [name = '', value = ''] = slice.split('=');
  const sign = since < before ? 1 : -1;
  const weight = (clip: ClipOfNight) =>
    signal === 'event-rate' ? clip.detections.length : signal === 'disagreement' ? (clip.disagreement ?? 0) : clip.top;
  return factsAbout(entries, model, 'night')
    .filter(({ fact }) => fact.night >= started)
    .flatMap(({ fact }) => fact.clips.filter((clip) => clip.site === site && (slice === '' || clip.conditions[name] === value)))
    .toSorted((a, b) => sign * (weight(a) - weight(b)) || (a.file < b.file ? -1 : 1));
}
