/**
 * Git with its own settings alone, and nothing in the background. After a commit, a merge or a push that finds fifty packs (each
 * append to the ledger is one), Git tidies up behind the one who asked: folders of objects go while the next command writes to them.
 */
export const gitAtRest = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
  GIT_CONFIG_KEY_1: 'maintenance.auto',
  GIT_CONFIG_VALUE_1: 'false',
} as const;
