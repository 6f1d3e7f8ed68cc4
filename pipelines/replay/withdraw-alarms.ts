import type { Entry } from '#ledger';
import type { ReplayConfig } from '#config';
import { factsAbout, type AlarmFact, appendFacts } from '#history';
import { alarmMarker, alarmTitle } from './issue-text.ts';
import type { ReplayPorts } from './ports.ts';
import type { Announced } from '#report';

/**
 * Alarms that the code host was told of, and that neither stand nor have ended by the configuration as it is now: with another
 * site, another rate or another release since, the same nights say something else. Their issues must not stay open for ever.
 */
export function withdrawnAlarms(entries: readonly Entry[], model: string, current: readonly AlarmFact[]): AlarmFact[] {
  const told = new Set(factsAbout(entries, model, 'told').map(({ fact }) => fact.of));
  const alarms = [...factsAbout(entries, model, 'shift'), ...factsAbout(entries, model, 'drift')];
  const latest = new Map<string, AlarmFact>();
  for (const { id, fact } of alarms) if (told.has(id)) latest.set(alarmMarker(fact), fact);
  const known = new Set(current.map((fact) => alarmMarker(fact)));
  return [...latest].flatMap(([marker, fact]) => (fact.state === 'raised' && !known.has(marker) ? [fact] : []));
}

export async function withdrawAlarms(
  entries: readonly Entry[],
  current: readonly AlarmFact[],
  { model }: ReplayConfig,
  { ledger, codeHost }: ReplayPorts,
): Promise<Announced[]> {
  const done: Announced[] = [];
  for (const fact of withdrawnAlarms(entries, model, current)) {
    const comment = 'Withdrawn: by the configuration as it is now, the same nights raise no alarm here.';
    const [id] = await appendFacts(ledger, [{ ...fact, state: 'ended', ended: fact.raised, why: 'withdrawn' }]);
    await codeHost?.issues.close({ marker: alarmMarker(fact), comment });
    if (id !== undefined) await appendFacts(ledger, [{ kind: 'told', model, of: id }]);
    done.push({ title: alarmTitle(fact), what: 'closed', url: null });
  }
  return done;
}
