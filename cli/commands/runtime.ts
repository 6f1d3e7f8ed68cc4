import { composeRuntime } from '../compose.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

/** Makes the stock runtime's image, and brings it into the Docker engine where a Dockerfile is to build on it. */
export async function runRuntime({ load }: { load?: string }, terminal: Terminal): Promise<number> {
  const runtime = composeRuntime(terminal);
  const image = await runtime.build();
  terminal.out(`digest   ${image.digest}\nlayout   ${image.layout}\n`);
  if (load === undefined) return exitCodes.pass;
  await runtime.load(image, load);
  terminal.out(`loaded   ${load}\n`);
  return exitCodes.pass;
}
