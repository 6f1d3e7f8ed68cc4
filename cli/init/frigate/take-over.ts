import { CouldNotRun, problemAt, type Parsed, type Problem } from '#kernel';
import type { OnnxHeader } from '#images';
import { guessDetection } from '../guess-detection.ts';
import { readUltralytics } from '../ultralytics.ts';
import { camerasOf, type Camera } from './cameras.ts';
import { differingNotes, inputNotes, missingNotes, nameNotes, someOf, TRACK } from './model-notes.ts';
import { eventRuleOf, type EventRule } from './event-rule.ts';
import type { FrigateConfig } from './frigate-config.ts';
import { cocoLabels, mergeLabels, trackedClasses, type LabelMap, type Labels } from './label-map.ts';
import { leftBehind } from './left-behind.ts';

/** What a Frigate configuration says, in our words. */
export type TakenOver = {
  cameras: readonly Camera[];
  rule: EventRule;
  labels: Labels;
  classes: Readonly<Record<string, readonly string[]>>;
  /** What could not be carried over, and what to do. */
  notes: readonly Problem[];
};

/**
 * @param written its own label map, where there is one to read
 * @throws CouldNotRun where no camera is switched on, or the model has a class for nothing that is tracked
 */
export function takeOver(
  { value: config, source }: Parsed<FrigateConfig>,
  header: OnnxHeader | null,
  written: LabelMap | null,
): TakenOver {
  const cameras = camerasOf(config);
  if (cameras.length === 0) {
    throw new CouldNotRun(problemAt(source, ['cameras'], 'no camera is switched on', 'switch on those that are to be judged'));
  }
  const labels = mergeLabels(written ?? ownLabels(header), config.model ?? {});
  const track = [...new Set(cameras.flatMap((camera) => camera.track))];
  const { classes, missing } = trackedClasses(track, labels);
  if (Object.keys(classes).length === 0) {
    const message = `the model has a class for nothing that is tracked (${someOf(track)})`;
    const remedy = 'name its labels: model.labelmap_path in the configuration, or --labels with a file of one name a line';
    throw new CouldNotRun(problemAt(source, TRACK, message, remedy));
  }
  const rule = eventRuleOf(cameras, source);
  const ofLabels = [...missingNotes(missing, source), ...differingNotes(cameras, source), ...nameNotes(header, written, source)];
  return {
    cameras,
    rule,
    labels,
    classes,
    notes: [...ofLabels, ...inputNotes(config, source), ...rule.notes, ...leftBehind(config, source)],
  };
}

/** Where the configuration names no label map: what the file says, else COCO's, as Frigate takes it. */
function ownLabels(header: OnnxHeader | null): LabelMap {
  const names = header === null ? null : (readUltralytics(header)?.labels ?? null);
  if (names !== null) return { base: names, over: {} };
  const guess = header === null ? null : guessDetection(header, { labels: null, width: 0, height: 0 });
  const numbered = Array.from({ length: guess?.classes ?? 0 }, () => '');
  return cocoLabels(guess?.classes ?? null) ?? { base: numbered, over: {} };
}
