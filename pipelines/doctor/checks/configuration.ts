import { configFile } from '#config';
import { formatPlace } from '../format-place.ts';
import type { Facts } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';

export function checkConfiguration({ configuration, repository }: Facts): Finding {
  return about(configuration, (found) => {
    switch (found.kind) {
      case 'read':
        return well(`${configFile} is on ${repository.defaultBranch}`);
      case 'absent':
        return missing(
          `${configFile} is not on ${repository.defaultBranch}, so nothing is judged`,
          `fieldproof init, then commit it and push it to ${repository.defaultBranch}`,
        );
      case 'broken':
        return missing(`${formatPlace(found.problem)}: ${found.problem.message}`, found.problem.remedy);
    }
  });
}
