import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import type { Unit } from './video-container.ts';

/** Seconds that a clock may run ahead between two packets before it counts as set anew; `ffmpeg`'s -dts_delta_threshold. */
const AHEAD = 10;
/** Seconds that it may run back; `ffmpeg` allows as much. */
const BACK = 0.1;

/**
 * Puts the packets of a clip on one clock that only runs forwards, whatever the clocks of its files did: where one was set anew, or
 * the next file begins, what follows is joined to what was there, as `ffmpeg` joins it. Times are in the unit of the first
 * file from its own zero on.
 */
export class Timeline {
  readonly unit: Unit;
  readonly #jumps: boolean;
  #shift = 0n;
  /** When the next packet is due to be decoded, and where the footage so far ends. */
  #due: bigint | null = null;
  #end: bigint | null = null;
  #begins: bigint | 'anywhere' | null = null;

  constructor(unit: Unit, jumps: boolean) {
    this.unit = unit;
    this.#jumps = jumps;
  }

  /** Where the footage so far ends, in seconds. */
  get end(): number | null {
    return this.#end === null ? null : this.seconds(this.#end);
  }

  seconds(ticks: bigint): number {
    return (Number(ticks) * this.unit.num) / this.unit.den;
  }

  /** The next file begins. @param start its own first time in its own unit, where known */
  nextFile(start: bigint, unit: Unit): void {
    this.#shift = 0n;
    this.#due = null;
    this.#begins = start === AV_NOPTS_VALUE ? 'anywhere' : rescale(start, unit, this.unit);
  }

  /** Moves a packet from the clock of its file to this one; the time at which it is shown, in seconds, where it is known. */
  place(packet: Packet, unit: Unit, held: number): number | null {
    if (unit.num !== this.unit.num || unit.den !== this.unit.den) packet.rescaleTs(unit, this.unit);
    const lasts = packet.duration > 0n ? packet.duration : BigInt(Math.round((held * this.unit.den) / this.unit.num));
    this.#settle(packet);
    if (packet.pts !== AV_NOPTS_VALUE) packet.pts += this.#shift;
    if (packet.dts !== AV_NOPTS_VALUE) packet.dts += this.#shift;
    if (packet.dts !== AV_NOPTS_VALUE) this.#due = packet.dts + lasts;
    const shown = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (shown === AV_NOPTS_VALUE) return null;
    if (this.#end === null || shown + lasts > this.#end) this.#end = shown + lasts;
    return this.seconds(shown);
  }

  #settle({ pts, dts }: Packet): void {
    if (this.#begins !== null) {
      const begins = this.#begins === 'anywhere' ? (pts === AV_NOPTS_VALUE ? dts : pts) : this.#begins;
      if (begins === AV_NOPTS_VALUE) return;
      this.#begins = null;
      if (this.#end !== null && (!this.#jumps || this.#isSetAnew(begins - this.#end))) this.#shift = this.#end - begins;
    } else if (this.#jumps && this.#due !== null && dts !== AV_NOPTS_VALUE) {
      const off = dts + this.#shift - this.#due;
      if (this.#isSetAnew(off)) this.#shift -= off;
    }
  }

  #isSetAnew(off: bigint): boolean {
    const seconds = this.seconds(off);
    return seconds > AHEAD || seconds < -BACK;
  }
}

function rescale(value: bigint, from: Unit, to: Unit): bigint {
  const scaled = (Number(value) * from.num * to.den) / (from.den * to.num);
  return BigInt(Math.round(scaled));
}
