import { type CouldNotRun, reasonOf } from '#kernel';
import { edgeProblem, type Edge } from './carrier.ts';

/** Where a broker is and who asks. A password never stands in a configuration: whoever makes this read it from its secret. */
export type BrokerAccess = {
  host: string;
  port: number;
  login?: { user: string; password: string };
  /** PEM of who vouches for the broker; left out, the connection is not encrypted. */
  authority?: string;
};

export function noBroker(edge: Edge, { host, port }: BrokerAccess, cause: unknown): CouldNotRun {
  const at = `${host}:${port}`;
  if (/authori[sz]|credentials|password/i.test(reasonOf(cause))) {
    const remedy = 'correct the Secret that its login stands in; what was promised is kept until then';
    return edgeProblem(edge, `the broker at ${at} refuses the login`, remedy, { cause });
  }
  const remedy = 'start the broker, or correct its address; what was promised is kept until it answers';
  return edgeProblem(edge, `no broker answers at ${at}`, remedy, { cause });
}
