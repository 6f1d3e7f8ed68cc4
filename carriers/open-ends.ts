import { edgeProblem, type Edge } from './carrier.ts';

type End = 'sender' | 'receiver';

/** Which ends of which edges are open here: two writers, or two readers, of one edge would each see half of it. */
export class OpenEnds {
  readonly #open = new Set<string>();

  /** @returns what gives the end free again @throws CouldNotRun when it is open already */
  claim(edge: Edge, end: End): () => void {
    const key = `${end} ${edge.name}`;
    if (this.#open.has(key)) throw openAlready(edge, end);
    this.#open.add(key);
    return () => void this.#open.delete(key);
  }
}

export function openAlready(edge: Edge, end: End, options?: ErrorOptions): Error {
  const remedy = 'close the first before it is opened again, or give each stage an edge of its own';
  return edgeProblem(edge, `its ${end} is open already`, remedy, options);
}
