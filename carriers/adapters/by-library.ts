import type { Address } from '../address.ts';
import type { BrokerAccess } from '../broker.ts';
import type { Carrier, Edge } from '../carrier.ts';

/** Carriers that speak by a library, which is loaded when the first end is opened: whoever uses another does not wait for it. */
export function grpcCarrier(addressOf: (edge: Edge) => Address): Carrier {
  const about = { name: 'grpc', whileNobodyReceives: 'tells' } as const;
  return loadedWhenOpened(about, async () => (await import('./grpc.ts')).grpcCarrier(addressOf));
}

export function httpCarrier(addressOf: (edge: Edge) => Address): Carrier {
  const about = { name: 'http', whileNobodyReceives: 'tells' } as const;
  return loadedWhenOpened(about, async () => (await import('./http.ts')).httpCarrier(addressOf));
}

export function mqttCarrier(access: BrokerAccess): Carrier {
  const about = { name: 'mqtt', whileNobodyReceives: 'keeps' } as const;
  return loadedWhenOpened(about, async () => (await import('./mqtt.ts')).mqttCarrier(access));
}

export function natsCarrier(access: BrokerAccess): Carrier {
  const about = { name: 'nats', whileNobodyReceives: 'keeps' } as const;
  return loadedWhenOpened(about, async () => (await import('./nats.ts')).natsCarrier(access));
}

function loadedWhenOpened(about: Pick<Carrier, 'name' | 'whileNobodyReceives'>, load: () => Promise<Carrier>): Carrier {
  let loading: Promise<Carrier> | undefined;
  const carrier = async () => await (loading ??= load());
  return {
    ...about,
    openSender: async (edge) => await (await carrier()).openSender(edge),
    openReceiver: async (edge) => await (await carrier()).openReceiver(edge),
  };
}
