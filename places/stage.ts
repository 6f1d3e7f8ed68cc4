/** The program of a stage that is deployed: stock stages, and models as the stock runtime serves them, between the edges of their graph. */
import { CouldNotRun } from '#kernel';
import { parseArguments } from '#runtime';
import { logged, serveStage, type Served } from './adapters/serve-stage.ts';
import { stageSurroundings } from './adapters/stage-surroundings.ts';

function fail(thrown: unknown): never {
  console.error(logged(thrown));
  process.exit(thrown instanceof CouldNotRun ? 3 : 1);
}

let served: Served | null = null;
const stop = () => {
  if (served === null) process.exit(0);
  served.close().then(() => process.exit(0), fail);
};
// As the first process of a container it gets no default handling of signals: so from the first moment on.
process.once('SIGTERM', stop).once('SIGINT', stop);

try {
  const { told, surroundings } = stageSurroundings();
  served = await serveStage(told, parseArguments(process.argv.slice(2)), surroundings, fail);
  console.log(JSON.stringify({ listening: served.address, graph: told.stage.graph, stage: told.stage.name, site: told.site }));
} catch (thrown) {
  fail(thrown);
}
