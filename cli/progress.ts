import { formatDuration, type Clock, type Progress, plainText } from '#kernel';
import { painter, cut } from '#report';

/** Such as process.stderr. */
export type ProgressStream = { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };

/** Milliseconds between two looks at the same step. */
const LIVE = 100;
const PLAIN = 5000;
const CLEAR = '\r\u001B[2K';

type Step = { name: string; total: number | undefined; done: number; since: number };

/** `close` ends the last step and leaves the cursor on a line of its own. */
export type TerminalProgress = Progress & { close(): void };

/** One live line on a terminal; elsewhere (a CI log) a plain line at most every five seconds. */
export function terminalProgress(stream: ProgressStream, clock: Pick<Clock, 'elapsed'>, colour: boolean): TerminalProgress {
  const live = stream.isTTY === true;
  const paint = painter(colour);
  let step: Step | null = null;
  let shownAt = 0;
  const show = (current: Step) => {
    shownAt = clock.elapsed();
    const text = progressLine(current, shownAt, live ? (stream.columns ?? 80) - 1 : 200);
    stream.write(live ? `${CLEAR}${paint('dim', text)}` : `${text}\n`);
  };
  const finish = () => {
    if (step === null) return;
    const spent = clock.elapsed() - step.since;
    // A step that took no time worth telling, or that said so already, leaves no line.
    const told = live || spent >= PLAIN;
    if (told) stream.write(`${live ? CLEAR : ''}${paint('green', '✓')} ${finishedLine(step, spent)}\n`);
    step = null;
  };
  return {
    step(name, total) {
      finish();
      step = { name: plainText(name), total, done: 0, since: clock.elapsed() };
      show(step);
    },
    advance(count = 1) {
      if (step === null) return;
      step.done += count;
      if (clock.elapsed() - shownAt >= (live ? LIVE : PLAIN)) show(step);
    },
    note(text) {
      stream.write(`${live ? CLEAR : ''}${plainText(text)}\n`);
      if (step !== null && live) show(step);
    },
    close: finish,
  };
}

function progressLine({ name, total, done, since }: Step, now: number, width: number): string {
  const spent = now - since;
  const rate = spent > 0 && done > 0 ? done / spent : null;
  const count = total === undefined ? (done > 0 ? ` ${done}` : '') : ` ${done}/${total}`;
  const bar = total === undefined || total === 0 ? '' : ` ${drawBar(done / total)}`;
  const speed = rate === null ? '' : ` · ${(rate * 1000).toPrecision(3)}/s`;
  // The first half second says nothing of the rest.
  const eta =
    rate === null || total === undefined || spent < 500 || done >= total
      ? ''
      : ` · ${formatDuration((total - done) / rate)} left`;
  return cut(`${name}${bar}${count}${speed}${eta}`, width);
}

function finishedLine({ name, done }: Step, spent: number): string {
  return `${name}${done > 0 ? ` (${done})` : ''} in ${formatDuration(spent)}`;
}

function drawBar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * 20);
  return `${'━'.repeat(filled)}${'╌'.repeat(20 - filled)}`;
}
