/** What init asks somebody who sits at the terminal: what was not said already, and no more. */
export type InitWishes = { model?: string; images?: string; github: boolean; forks: boolean };

/** @param folders that hold a model already, to offer the first of them */
export async function askForWishes(
  given: { model?: string; images?: string; github?: boolean; forks?: boolean },
  ask: (question: string) => Promise<string>,
): Promise<InitWishes> {
  const model = given.model ?? (await textOf(ask, 'Folder of the model [models/model]: ')) ?? 'models/model';
  const images = given.images ?? (await textOf(ask, 'Folder of pictures, one subfolder per class [none yet]: '));
  const github = given.github ?? (await yes(ask, 'Write workflows for GitHub Actions? [Y/n] ', true));
  const forks =
    given.forks ??
    (github && (await yes(ask, 'Do pull requests come from forks, or from people you would not give a token? [y/N] ', false)));
  return { model, ...(images === undefined ? {} : { images }), github, forks };
}

async function textOf(ask: (question: string) => Promise<string>, question: string): Promise<string | undefined> {
  const answer = (await ask(question)).trim();
  return answer === '' ? undefined : answer;
}

async function yes(ask: (question: string) => Promise<string>, question: string, fallback: boolean): Promise<boolean> {
  const answer = (await ask(question)).trim().toLowerCase();
  return answer === '' ? fallback : answer.startsWith('y');
}
