export { GitFleetRepository } from './git-fleet-repository.ts';
