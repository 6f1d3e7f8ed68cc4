import { composeRuntime } from '../compose-images.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

/** Makes the stock runtime's image, and brings it into the Docker engine where a Dockerfile is to build on it. */
export async function runRuntime(
  { load, platform, digest }: { load?: string; platform: string; digest?: boolean },
  terminal: Terminal,
): Promise<number> {
  const runtime = composeRuntime(terminal);
  if (digest === true) {
    const described = await runtime.describe(platform);
    terminal.out(`${described?.digest ?? `there is none for ${platform}`}\n`);
    return described === null ? exitCodes.couldNotRun : exitCodes.pass;
  }
  const image = await runtime.build(platform);
  terminal.out(`digest   ${image.digest}\nlayout   ${image.layout}\n`);
  if (load === undefined) return exitCodes.pass;
  await runtime.load(image, load);
  terminal.out(`loaded   ${load}\n`);
  return exitCodes.pass;
}
