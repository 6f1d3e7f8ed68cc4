import type { MessageOf } from '../message.ts';
import type { Made, StageProgram } from '../stage-program.ts';

export type IndexSettings = { label: string; similarity: number; again: number; most: number };

type Known = { name: string; embedding: Float32Array; seenAt: number };

/**
 * Remembers whom it has seen, over all cameras: an embedding is of the one whose own it is most like, where it is like enough, and of
 * somebody new otherwise. An event for each who comes, and again after `again` milliseconds. The longest unseen are forgotten first.
 */
export function indexStage({ label, similarity, again, most }: IndexSettings): StageProgram {
  const known: Known[] = [];
  let named = 0;
  return {
    take(message) {
      if (message.kind !== 'embedding') return [];
      const { capturedAt } = message;
      const embedding = unit(message);
      const nearest = nearestTo(embedding, known);
      if (nearest !== null && nearest.similarity >= similarity) {
        const isBack = capturedAt - nearest.one.seenAt >= again;
        nearest.one.seenAt = Math.max(nearest.one.seenAt, capturedAt);
        return isBack ? [eventOf(label, nearest.one.name, capturedAt, nearest.similarity)] : [];
      }
      named += 1;
      known.push({ name: `${label} ${named}`, embedding, seenAt: capturedAt });
      if (known.length > most) known.splice(longestUnseen(known), 1);
      return [eventOf(label, `${label} ${named}`, capturedAt, nearest?.similarity ?? 0)];
    },
  };
}

function unit({ body }: MessageOf<'embedding'>): Float32Array {
  const values = new Float32Array(body.slice().buffer);
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
}

function nearestTo(embedding: Float32Array, known: readonly Known[]): { one: Known; similarity: number } | null {
  let nearest: { one: Known; similarity: number } | null = null;
  for (const one of known) {
    const similarity = one.embedding.reduce((sum, value, at) => sum + value * (embedding[at] ?? 0), 0);
    if (nearest === null || similarity > nearest.similarity) nearest = { one, similarity };
  }
  return nearest;
}

function longestUnseen(known: readonly Known[]): number {
  return known.reduce((oldest, { seenAt }, at) => (seenAt < (known[oldest]?.seenAt ?? 0) ? at : oldest), 0);
}

function eventOf(label: string, subject: string, at: number, peak: number): Extract<Made, { kind: 'event' }> {
  const about = { label, start: at, end: at, alarm: at, peak, subject };
  return { kind: 'event', promised: true, about, body: new Uint8Array() };
}
