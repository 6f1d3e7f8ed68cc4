import type { Hosted } from '../../../testing/github/hosted.ts';
import type { Page } from './page.ts';
import type { Runner } from './runner.ts';
import type { Team } from './team.ts';

export type Tell = {
  /** A step begins. */
  step: (text: string) => void;
  /** What a person sees after it. */
  seen: (where: string, text: string) => void;
};

export type Life = {
  folder: string;
  hosted: Hosted;
  team: Team;
  runner: Runner;
  page: Page;
  tell: Tell;
};
