import type { LinkProfile } from './link.ts';

type Direction = 'up' | 'down';

/** Bytes of an Ethernet packet, and of the smallest bucket that TCP gets along with. */
const PACKET = 1514;
const LEAST_BURST = 10 * PACKET;
/** A router's queue: seconds of what the link bears, and at least so many bytes. */
const QUEUE = 0.3;
const LEAST_QUEUE = 32 * PACKET;

/**
 * Queueing disciplines of one direction, as arguments of `tc qdisc add dev ...`: a token bucket, and under netem, where the kernel
 * has it, what delays and loses packets.
 */
export function qdiscs({ bandwidth, delay, jitter, loss }: LinkProfile, direction: Direction, netem: boolean): string[][] {
  const delays = netem && (delay > 0 || loss > 0);
  const delaying = ['root', 'handle', '1:', 'netem', 'limit', '10000'];
  if (delay > 0) delaying.push('delay', `${delay}ms`, `${jitter}ms`);
  if (loss > 0) delaying.push('loss', `${loss * 100}%`);
  const bucket = bandwidth === null ? [] : [[...(delays ? ['parent', '1:1'] : ['root']), ...tokenBucket(bandwidth[direction])]];
  return [...(delays ? [delaying] : []), ...bucket];
}

function tokenBucket(rate: number): string[] {
  const burst = Math.max(LEAST_BURST, Math.ceil(rate / 8 / 100));
  const limit = burst + Math.max(LEAST_QUEUE, Math.ceil((rate / 8) * QUEUE));
  return ['tbf', 'rate', `${Math.round(rate)}bit`, 'burst', String(burst), 'limit', String(limit)];
}
