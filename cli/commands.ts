import type { Terminal } from './terminal.ts';

/** What was given on the command line, and the exit code that comes of it. */
type Command<Given extends unknown[]> = (...given: [...Given, terminal: Terminal]) => Promise<number>;

type Load<Given extends unknown[]> = () => Promise<Command<Given>>;

/** Loads a command, runs it, and keeps its exit code. */
export type Run = <Given extends unknown[]>(load: Load<Given>, ...given: Given) => Promise<void>;

/** Every command is loaded when it is asked for: loading all of them takes longer than most of them take. */
export const commands = {
  accept: async () => (await import('./commands/accept.ts')).runAccept,
  audit: async () => (await import('./commands/audit.ts')).runAudit,
  check: async () => (await import('./commands/check.ts')).runCheck,
  clock: async () => (await import('./commands/clock.ts')).runClock,
  complete: async () => (await import('./commands/complete.ts')).runComplete,
  confidence: async () => (await import('./commands/confidence.ts')).runConfidence,
  dashboard: async () => (await import('./commands/dashboard.ts')).runDashboard,
  deploy: async () => (await import('./commands/deploy.ts')).runDeploy,
  doctor: async () => (await import('./commands/doctor.ts')).runDoctor,
  enrol: async () => (await import('./commands/enrol.ts')).runEnrol,
  fetch: async () => (await import('./commands/fetch.ts')).runFetch,
  images: async () => (await import('./commands/parts.ts')).runImages,
  init: async () => (await import('./commands/init.ts')).runInit,
  join: async () => (await import('./commands/parts.ts')).runJoin,
  label: async () => (await import('./commands/label.ts')).runLabel,
  ledger: async () => (await import('./commands/ledger.ts')).runLedger,
  open: async () => (await import('./commands/open.ts')).runOpen,
  part: async () => (await import('./commands/parts.ts')).runPart,
  pin: async () => (await import('./commands/pin.ts')).runPin,
  place: async () => (await import('./commands/place.ts')).runPlace,
  plan: async () => (await import('./commands/plan.ts')).runPlan,
  predict: async () => (await import('./commands/parts.ts')).runPredict,
  progress: async () => (await import('./commands/progress.ts')).runProgress,
  publish: async () => (await import('./commands/publish.ts')).runPublish,
  replay: async () => (await import('./commands/replay.ts')).runReplay,
  report: async () => (await import('./commands/report.ts')).runReport,
  rollback: async () => (await import('./commands/rollback.ts')).runRollback,
  runtime: async () => (await import('./commands/runtime.ts')).runRuntime,
  score: async () => (await import('./commands/score.ts')).runScore,
  ship: async () => (await import('./commands/ship.ts')).runShip,
  watch: async () => (await import('./commands/watch.ts')).runWatch,
};

type MayKeepProblems = { problems?: string };

/** The command, and where it could not run the reason in a file, for `fieldproof publish --problems` to show. */
export function keepingProblems<O extends MayKeepProblems>(load: Load<[O]>): Load<[O]> {
  return async () => {
    const { keepingProblems: keeping } = await import('./commands/keeping-problems.ts');
    return async (options, terminal) => await keeping(load, options, terminal);
  };
}

/** The same for a step beside the one that a job is about. */
export function addingProblems<O extends MayKeepProblems>(load: Load<[O]>): Load<[O]> {
  return async () => {
    const { addingProblems: adding } = await import('./commands/keeping-problems.ts');
    return async (options, terminal) => await adding(load, options, terminal);
  };
}
