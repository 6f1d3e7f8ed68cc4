export { auditModels, type AuditRequest } from './audit-models.ts';
export type { AuditPorts } from './ports.ts';
