export { planChecks, type PlanPorts } from './plan-checks.ts';
export { timed, type Times } from './times.ts';
