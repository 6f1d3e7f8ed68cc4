/** The program of a Job at a site: shows a clip to the model that runs there, and says whether it answers as it was judged. */
import { CouldNotRun, reasonOf, replayScores, TENSORS, type ExpectedScores, type InferResponse, type Tensor } from '#kernel';
import { connectModel, readClipFolder, sharpPictureReader, type RemoteModel } from './adapters/index.ts';
import { compareScores, type Replayed } from './compare-scores.ts';
import { parseReplayArguments, type ReplayArguments } from './replay-arguments.ts';

const EXIT = { pass: 0, fail: 1, couldNotRun: 3 } as const;

async function replay({
  url,
  clip: folder,
  expected,
  readyWithin,
}: ReplayArguments): Promise<Replayed & { clip: string; variant: string | null }> {
  const { clip, frames } = await readClipFolder(folder);
  const reader = sharpPictureReader();
  const model = await connectModel(url, readyWithin);
  const found: { timestamp: number; scores: Readonly<Record<string, number>> }[] = [];
  for await (const { timestamp, encoded } of frames()) {
    const { width, height, rgb } = await reader.decode(encoded, 'stored');
    const frame: Tensor = { name: inputOf(model), datatype: 'UINT8', shape: [1, height, width, 3], data: rgb };
    const parameters = {
      sequence_id: clip.clip,
      sequence_start: found.length === 0,
      sequence_end: found.length === clip.frames.length - 1,
      timestamp,
    };
    const response = await model.infer({ inputs: [frame], parameters });
    found.push({ timestamp, scores: scoresOf(response, expected, { width, height }) });
  }
  return { ...compareScores(found, expected), clip: clip.clip, variant: model.metadata.variant ?? null };
}

function inputOf({ metadata }: RemoteModel): string {
  const fits = metadata.inputs.filter(({ datatype }) => datatype === 'UINT8');
  return (fits.find(({ name }) => name === TENSORS.frames) ?? fits[0])?.name ?? TENSORS.frames;
}

/** An answer that no check would have read has no scores: the comparison then fails and shows it. */
function scoresOf(
  response: InferResponse,
  expected: ExpectedScores,
  size: { width: number; height: number },
): Readonly<Record<string, number>> {
  try {
    return replayScores(response, expected, size);
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return {};
    throw thrown;
  }
}

try {
  const given = parseReplayArguments(process.argv.slice(2));
  const result = await replay(given);
  console.log(JSON.stringify({ ...result, release: given.release }));
  process.exitCode = EXIT[result.replay];
} catch (thrown) {
  const problems = thrown instanceof CouldNotRun ? thrown.problems : [{ message: reasonOf(thrown) }];
  console.error(JSON.stringify({ replay: 'could not run', problems }));
  process.exitCode = EXIT.couldNotRun;
}
