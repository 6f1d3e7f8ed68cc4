import { sitesToCollect, type Belief, type Confidence, type SetStanding, type TrackRecord } from '#eval';
import { formatGain, formatInterval, formatMargin } from './format.ts';

type Unit = Parameters<typeof formatGain>[1];
type About = { confidence: Confidence; unit: Unit; margin: number };

/** What all predictions add up to, a sentence for each thing that somebody could do something about. */
export function confidenceWords({ confidence, unit, margin }: About): string[] {
  return [
    stateOf(confidence),
    ...nextRelease({ confidence, unit, margin }),
    ...confidence.sets.map((set) => setWords(set)),
    ...onePlaceWords(confidence),
    ...placeWords(confidence, unit),
    ...gapWords(confidence, unit),
    ...collectWords(confidence),
    ...(confidence.track === null ? [] : trackWords(confidence.track)),
  ];
}

function stateOf({ state, have, need }: Confidence): string {
  if (state === 'measured') return `Measured: ${count(have, 'iteration')} seen in the field say how far the next can be trusted.`;
  const more = Math.max(1, need - have);
  return `insufficient: about ${more} more ${more === 1 ? 'iteration' : 'iterations'} needed (${have} seen in the field); what is believed meanwhile decides nothing.`;
}

function nextRelease({ confidence: { next }, unit, margin }: About): string[] {
  if (next === null) return [];
  const bound = margin === 0 ? 'gains' : `loses less than ${formatMargin(margin, unit)}`;
  return [
    `The field ${bound} with a probability of ${percent(next.probability)}: ${beliefWords(next.gain, unit)} for the last release.`,
  ];
}

function setWords({ set, verdict, slope, predicts, misleads, iterations }: SetStanding): string {
  const kept = `${slope.value.toFixed(2)} [${slope.interval.low.toFixed(2)}, ${slope.interval.high.toFixed(2)}]`;
  const over = `over ${count(iterations, 'iteration')}`;
  if (verdict === 'predicts') return `${set} predicts the field: a gain of 1 there was worth ${kept} ${over}.`;
  if (verdict === 'misleads') return `${set} MISLEADS: the field falls as it rises, a gain of 1 there was worth ${kept} ${over}.`;
  if (verdict === 'says nothing') return `${set} says nothing of the field: a gain of 1 there was worth ${kept} ${over}.`;
  return `${set}: not told yet (predicts ${percent(predicts)}, misleads ${percent(misleads)}), ${over}.`;
}

/** Measured in bench/confidence-worlds.ts: in its worlds nearly nine of ten misleading sets are named by then, and an oracle needs thirty. */
const TELLS_AT_ONE_PLACE = 40;

/** At one place nothing says what is particular to the place: a set that misleads is told late, and it is better said so. */
function onePlaceWords({ places, sets, have }: Confidence): string[] {
  if (places.length !== 1 || have >= TELLS_AT_ONE_PLACE || sets.every(({ verdict }) => verdict !== 'not told yet')) return [];
  return [
    `insufficient to tell which set misleads: with one place it takes some ${TELLS_AT_ONE_PLACE} iterations, and with five places 20.`,
  ];
}

function placeWords({ places }: Confidence, unit: Unit): string[] {
  if (places.length < 2) return [];
  const [worst] = places.toSorted((a, b) => a.offset.value - b.offset.value);
  const [teacher] = places.toSorted((a, b) => b.teaches - a.teaches);
  const told = places.filter(({ state }) => state === 'measured').length;
  return [
    `${told} of ${count(places.length, 'place')} can be told by themselves${told < places.length ? '; the others lean on all together' : ''}.`,
    ...(worst === undefined || worst.offset.interval.high >= 0
      ? []
      : [`${worst.site} on ${worst.chipset} keeps less than the others: ${beliefWords(worst.offset, unit)}.`]),
    ...(teacher === undefined ? [] : [`Footage of ${teacher.site} would teach most.`]),
  ];
}

function gapWords({ gap }: Confidence, unit: Unit): string[] {
  if (gap === null) return [];
  const way = {
    closing: 'and it closes',
    widening: 'and it widens',
    steady: 'and it stays',
    'not told yet': 'and whether it closes cannot be told yet',
  }[gap.verdict];
  return [`The bench promises ${beliefWords(gap.gap, unit)} more than the field keeps, ${way}.`];
}

function collectWords(confidence: Confidence): string[] {
  const sites = sitesToCollect(confidence);
  const misleading = confidence.sets.filter(({ verdict }) => verdict === 'misleads').map(({ set }) => set);
  return [
    ...(confidence.places.length < 2 || sites.length === 0
      ? []
      : [
          `Collect next, in this order: ${sites.slice(0, 5).join(', ')}${sites.length > 5 ? ` and ${sites.length - 5} more` : ''}.`,
        ]),
    ...(misleading.length === 0
      ? []
      : [`Do not choose by ${misleading.join(', ')}: make it more like the street, or leave it out.`]),
  ];
}

function trackWords({ iterations, brier, alwaysShip, shipBenchGains, coverage, signAgreement, tau }: TrackRecord): string[] {
  const bench = shipBenchGains === null ? '' : `, shipping what gains on the bench ${shipBenchGains.toFixed(3)}`;
  return [
    `Of ${count(iterations, 'prediction')} committed beforehand: Brier score ${brier.score.toFixed(3)} (reliability ${brier.reliability.toFixed(3)}, resolution ${brier.resolution.toFixed(3)}, uncertainty ${brier.uncertainty.toFixed(3)}); always shipping ${alwaysShip.toFixed(3)}${bench}; 0 is perfect.`,
    `${shareWords(coverage)} of the 90% intervals held what came.`,
    ...(signAgreement === null ? [] : [`Research and field moved the same way in ${shareWords(signAgreement)}.`]),
    ...(tau === null
      ? []
      : [
          `Kendall's tau of the two is ${tau.value.toFixed(2)} [${tau.interval.low.toFixed(2)}, ${tau.interval.high.toFixed(2)}].`,
        ]),
  ];
}

function beliefWords({ value, interval }: Belief, unit: Unit): string {
  return `${formatGain(value, unit)} ${formatInterval(interval, unit)}`;
}

function shareWords({ value, low, high }: TrackRecord['coverage']): string {
  return `${percent(value)} [${percent(low)}, ${percent(high)}]`;
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
