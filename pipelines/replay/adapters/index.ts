export { gitLabellingBranches } from './git-labelling-branches.ts';
