import { type LinkAddress, type LinkProfile, linkProblem, type Links, type RunningLink, type Shaping } from '../../link.ts';
import type { Program } from '../../programs.ts';
import { type Abilities, abilities, NamespaceLink } from './namespace-link.ts';
import { Relay } from './relay.ts';
import { type Toxic, Toxiproxy } from './toxiproxy.ts';

/**
 * Links that are really shaped: by the kernel, between network namespaces, as far as it can; by toxiproxy for the rest.
 * @param toxiproxy null where it is not made
 */
export function realLinks(toxiproxy: Program | null, able: () => Abilities = abilities): Links {
  return {
    start: async (profile, far) => {
      const shapedBy = shapingOf(profile, able(), toxiproxy !== null);
      const cable = shapedBy.outage === 'toxiproxy' ? await counting(far) : await ofKernel(profile, far);
      try {
        const proxy =
          needsProxy(shapedBy) && toxiproxy !== null
            ? await Toxiproxy.start(toxiproxy, cable.near, toxics(profile, shapedBy))
            : null;
        return running(profile, shapedBy, cable, proxy);
      } catch (cause) {
        await cable.close();
        throw linkProblem(profile, 'toxiproxy could not be started', 'run it by hand and look at what it says', { cause });
      }
    },
  };
}

type Cable = Pick<RunningLink, 'near' | 'bytes' | 'cut' | 'mend' | 'close'>;

/** What can shape what of this profile here. @throws CouldNotRun when something of it cannot be had */
function shapingOf(profile: LinkProfile, { namespaces, netem }: Abilities, toxiproxy: boolean): Shaping {
  const { bandwidth, delay, loss } = profile;
  const kernel = 'between network namespaces';
  if (loss > 0 && !netem)
    throw linkProblem(
      profile,
      'it loses packets, which takes netem, and this kernel has none',
      'leave out its loss, or measure where `modprobe sch_netem` works',
    );
  if (!toxiproxy && (!namespaces || (delay > 0 && !netem)))
    throw linkProblem(profile, 'nothing here can shape it', 'run `make programs` for toxiproxy, or measure as root on Linux');
  return {
    bandwidth: bandwidth === null ? 'nothing' : namespaces ? `tbf ${kernel}` : 'toxiproxy',
    delay: delay === 0 ? 'nothing' : netem ? `netem ${kernel}` : 'toxiproxy',
    loss: loss === 0 ? 'nothing' : `netem ${kernel}`,
    outage: namespaces ? 'an interface that is down' : 'toxiproxy',
    counted: namespaces ? 'bytes on the wire' : 'bytes of connections',
  };
}

const needsProxy = (shapedBy: Shaping) => Object.values(shapedBy).includes('toxiproxy');

function toxics({ bandwidth, delay, jitter }: LinkProfile, shapedBy: Shaping): Toxic[] {
  const directions = [
    { stream: 'upstream', rate: bandwidth?.up ?? 0 },
    { stream: 'downstream', rate: bandwidth?.down ?? 0 },
  ] as const;
  return directions.flatMap(({ stream, rate }): Toxic[] => [
    // Its rate is in kilobytes of 1024.
    ...(shapedBy.bandwidth === 'toxiproxy'
      ? [{ type: 'bandwidth' as const, stream, attributes: { rate: Math.max(1, Math.round(rate / 8 / 1024)) } }]
      : []),
    ...(shapedBy.delay === 'toxiproxy' ? [{ type: 'latency' as const, stream, attributes: { latency: delay, jitter } }] : []),
  ]);
}

async function ofKernel(profile: LinkProfile, far: LinkAddress): Promise<Cable> {
  const link = await NamespaceLink.start(profile, far).catch((cause: unknown) => {
    throw linkProblem(profile, 'its namespaces could not be made', 'run as root, with iproute2 and util-linux installed', {
      cause,
    });
  });
  return {
    near: link.near,
    bytes: async () => await link.ask('count'),
    cut: async () => void (await link.ask('cut')),
    mend: async () => void (await link.ask('mend')),
    close: async () => await link.close(),
  };
}

/** A way without shape, which counts. */
async function counting(far: LinkAddress): Promise<Cable> {
  const relay = new Relay(far);
  const port = await relay.listen({ host: '127.0.0.1', port: 0 });
  const nothing = async () => {};
  return {
    near: { host: '127.0.0.1', port },
    bytes: async () => ({ ...relay.counted }),
    cut: nothing,
    mend: nothing,
    close: async () => await relay.close(),
  };
}

function running(profile: LinkProfile, shapedBy: Shaping, cable: Cable, proxy: Toxiproxy | null): RunningLink {
  const byProxy = shapedBy.outage === 'toxiproxy';
  return {
    profile,
    shapedBy,
    near: proxy?.near ?? cable.near,
    bytes: async () => await cable.bytes(),
    cut: async () => (byProxy ? await proxy?.enable(false) : await cable.cut()),
    mend: async () => (byProxy ? await proxy?.enable(true) : await cable.mend()),
    close: async () => {
      await proxy?.close();
      await cable.close();
    },
  };
}
