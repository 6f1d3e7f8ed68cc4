/** One thread's share of the street clips: draws, encodes, reports each clip's line of the index. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import { HEIGHT, WIDTH } from './canvas.ts';
import { FRAMES_PER_SECOND, createClip } from './clip.ts';
import { type StreetShare, clipLine, clipPlan } from './street.ts';
import { writeVideo } from './video.ts';

function writeShare({ root, seed, clipsPerSite, share, shares }: StreetShare): void {
  for (const [index, plan] of clipPlan(seed, clipsPerSite).entries()) {
    if (index % shares !== share) continue;
    const clip = createClip(plan.site, plan.seed);
    const file = path.join(root, plan.file);
    mkdirSync(path.dirname(file), { recursive: true });
    writeVideo(file, clip.frames(), { width: WIDTH, height: HEIGHT, framesPerSecond: FRAMES_PER_SECOND, crf: plan.site.crf });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    parentPort?.postMessage({ index, line: clipLine(plan.file, clip) });
  }
}

writeShare(workerData as StreetShare);
