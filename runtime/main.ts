/** The program inside a container or beside a check: loads the model of a folder, and serves it until told to stop. */
import { CouldNotRun, reasonOf } from '#kernel';
import { listen, openOnnx, readModelFolder, sharpPictureReader, type Listener } from './adapters/index.ts';
import { parseArguments, type Arguments } from './arguments.ts';
import { openModel } from './open-model.ts';

async function serve({ model: folder, variant, threads, address }: Arguments): Promise<Listener> {
  const parts = await readModelFolder(folder, variant);
  const model = await openModel({ ...parts, load: (file) => openOnnx(file, threads), reader: sharpPictureReader() });
  const listener = await listen(model, address);
  // One line for whoever started it: the address, with the port that was free when 0 was asked for.
  console.log(JSON.stringify({ listening: listener.address, model: model.metadata.name, variant: parts.weights.variant }));
  return listener;
}

/** As the first process of a container it gets no default handling of signals: so from the first moment on. */
function stopWhenTold(listener: Promise<Listener>, stopWithStdin: boolean): void {
  let ready: Listener | null = null;
  const stop = () => {
    if (ready === null) process.exit(0);
    void ready.close().then(() => process.exit(0));
  };
  listener.then(
    (opened) => (ready = opened),
    () => {},
  );
  process.once('SIGTERM', stop).once('SIGINT', stop);
  if (stopWithStdin) process.stdin.once('end', stop).resume();
}

try {
  const given = parseArguments(process.argv.slice(2));
  const listener = serve(given);
  stopWhenTold(listener, given.stopWithStdin);
  await listener;
} catch (thrown) {
  const known = thrown instanceof CouldNotRun;
  console.error(known ? JSON.stringify({ problems: thrown.problems }) : `fieldproof runtime: ${reasonOf(thrown)}`);
  process.exit(known ? 3 : 1);
}
