import { shipMerged, type Shipping } from '#pipelines/deploy';
import { renderShip } from '#report';
import { composeShip } from '../compose-ship.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ShipOptions = {
  repo: string;
  ref: string;
  dryRun?: boolean;
  push?: boolean;
  /** Left out: watch where a cluster can be asked. */
  wait?: boolean;
  timeout?: number;
  signingKey?: string;
};

export async function runShip(graph: string | undefined, options: ShipOptions, terminal: Terminal): Promise<number> {
  const { ref, wait, timeout = null, push = false, dryRun = false } = options;
  const ports = await composeShip(options, terminal);
  const request = {
    ref,
    graph: graph ?? null,
    wait: wait === undefined ? ('auto' as const) : wait ? ('always' as const) : ('never' as const),
    timeout,
    push,
    dryRun,
  };
  const shipping = await shipMerged(request, ports).finally(() => ports.progress.close());
  terminal.out(renderShip(shipping, terminal));
  return exitCodeOf(shipping);
}

function exitCodeOf(shipping: Shipping): number {
  switch (shipping.state) {
    case 'not shipped':
      return shipping.refusals.some(({ state }) => state === 'refused') ? exitCodes.fail : exitCodes.inconclusive;
    case 'reverted':
    case 'stays':
      return exitCodes.fail;
    case 'unknown':
      return exitCodes.inconclusive;
    case 'planned':
    case 'unchanged':
    case 'landed':
    case 'healthy':
      return exitCodes.pass;
  }
}
