import { CouldNotRun, type Clock } from '#kernel';

/** A link between two places. `up` is from the near end (a site) to the far one. */
export type LinkProfile = {
  name: string;
  /** Bits per second; null: as much as this machine has. */
  bandwidth: { up: number; down: number } | null;
  /** Milliseconds each way. */
  delay: number;
  /** Milliseconds by which a delay may be longer or shorter. */
  jitter: number;
  /** Packets of which so many, from 0 to 1, get lost. */
  loss: number;
  /** Milliseconds: after so long it is down for so long. */
  outage: { after: number; lasts: number } | null;
};

/** What makes a link what its profile says. `nothing`: the profile asks for none. */
export type Shaping = {
  bandwidth: 'tbf between network namespaces' | 'toxiproxy' | 'nothing';
  delay: 'netem between network namespaces' | 'toxiproxy' | 'nothing';
  loss: 'netem between network namespaces' | 'nothing';
  outage: 'an interface that is down' | 'toxiproxy';
  /** What its bytes are: with the headers of Ethernet, IP and TCP and what was sent again, or what the ends gave it. */
  counted: 'bytes on the wire' | 'bytes of connections';
};

export type LinkAddress = { host: string; port: number };

export interface RunningLink {
  readonly profile: LinkProfile;
  /** Where the near end reaches what listens at the far one. */
  readonly near: LinkAddress;
  readonly shapedBy: Shaping;
  /** Since it was started. */
  bytes(): Promise<{ up: number; down: number }>;
  /** Nothing goes through, and nobody is told: until `mend`. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export interface Links {
  /**
   * @param far what is to be reached over the link
   * @throws CouldNotRun when this machine cannot shape a link as the profile says: a link is never better than its name
   */
  start(profile: LinkProfile, far: LinkAddress): Promise<RunningLink>;
}

/** The outage of a link's profile, from now on. */
export async function playOutage(link: RunningLink, clock: Clock): Promise<void> {
  const { outage } = link.profile;
  if (outage === null) return;
  await clock.sleep(outage.after);
  await link.cut();
  await clock.sleep(outage.lasts);
  await link.mend();
}

export function linkProblem(profile: LinkProfile, message: string, remedy: string, options?: ErrorOptions): CouldNotRun {
  return new CouldNotRun({ file: `link ${profile.name}`, message, remedy }, options);
}
