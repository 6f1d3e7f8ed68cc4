/** What the commands may know of the shell that started them. */
export type Terminal = {
  out: (text: string) => void;
  err: NodeJS.WriteStream;
  columns: number;
  colour: boolean;
  env: NodeJS.ProcessEnv;
  cwd: string;
};

export const exitCodes = { pass: 0, fail: 1, inconclusive: 2, couldNotRun: 3 } as const;
