/** What the commands may know of the shell that started them. */
export type Terminal = {
  out: (text: string) => void;
  err: NodeJS.WriteStream;
  columns: number;
  colour: boolean;
  /** Asks whoever sits there; null where nobody does. */
  ask: ((question: string) => Promise<string>) | null;
  env: NodeJS.ProcessEnv;
  cwd: string;
};

export const exitCodes = { pass: 0, fail: 1, inconclusive: 2, couldNotRun: 3 } as const;
