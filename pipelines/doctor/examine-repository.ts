import type { DoctorReport } from '#report';
import { diagnose } from './diagnose.ts';
import { gatherFacts } from './gather-facts.ts';
import type { DoctorPorts } from './ports.ts';

/** Looks at a repository as it is installed on its code host, and says what is missing. @throws CouldNotRun where it is not seen at all */
export async function examineRepository(ports: DoctorPorts): Promise<DoctorReport> {
  const facts = await gatherFacts(ports);
  const { name, defaultBranch } = facts.repository;
  return { version: 1, repository: name, branch: defaultBranch, diagnoses: diagnose(facts) };
}
