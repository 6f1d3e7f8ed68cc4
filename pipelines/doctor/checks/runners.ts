import type { Installed } from '../facts.ts';
import { missing, permission, unknown, well, worst, type Finding } from '../finding.ts';

/** Labels of machines that GitHub keeps itself. */
const HOSTED = /^(ubuntu|windows|macos)-/;

/** A job for a label that no runner has waits a day, and is then given up. */
export function checkRunners({ config, runners, organisationRunners }: Installed): Finding {
  const labels = new Set(config.chipsets.flatMap(({ at }) => (at.kind === 'runner' && !HOSTED.test(at.label) ? [at.label] : [])));
  if (labels.size === 0) return well("every chipset is on GitHub's own machines");
  const findings = [...labels].map((label) => ofLabel(label, [runners, organisationRunners]));
  return worst(findings, well('each label has a runner that is online'));
}

function ofLabel(label: string, places: readonly Installed['runners'][]): Finding {
  const all = places.flatMap((place) => (place.state === 'seen' ? place.value : []));
  const bearing = all.filter(({ labels }) => labels.includes(label));
  if (bearing.some(({ online }) => online)) return well(`${label} is online`);
  const unseen = places.find((place) => place.state === 'unseen');
  if (unseen?.state === 'unseen') return unknown(permission(unseen.needs));
  const names = bearing.map(({ name }) => name).join(', ');
  return bearing.length > 0
    ? missing(`the runner of ${label} is offline: ${names}`, 'start it on its machine (./run.sh, or its service)')
    : missing(
        `no runner has the label ${label}, which a chipset names`,
        `Settings > Actions > Runners > New self-hosted runner, with the label ${label}`,
      );
}
