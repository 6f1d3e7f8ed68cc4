export { examineRepository } from './examine-repository.ts';
export type { ClusterContexts, DoctorPorts, FleetAccess, FleetLook } from './ports.ts';
