import { z } from 'zod';
import { datasetManifestSchema, sidecarSchema } from '#datasets';
import { writtenConfigSchema } from '#config';
import { partSchema } from '#pipelines/check';
import { labellingSchema } from '#pipelines/replay';
import {
  auditReportSchema,
  checkReportSchema,
  clockReportSchema,
  doctorReportSchema,
  placeReportSchema,
  replayReportSchema,
  scoreReportSchema,
  watchReportSchema,
} from '#report';

/** JSON Schemas of the files that people write (as they may be written) and that programs read (as they are written). */
export const publicSchemas: Readonly<Record<string, { schema: z.ZodType; io: 'input' | 'output'; title: string }>> = {
  'fieldproof.schema.json': { schema: writtenConfigSchema, io: 'input', title: 'fieldproof.yaml' },
  'dataset.schema.json': { schema: datasetManifestSchema, io: 'input', title: 'A dataset manifest' },
  'labelling.schema.json': { schema: labellingSchema, io: 'input', title: 'A labelling file' },
  'clip.schema.json': { schema: sidecarSchema, io: 'input', title: 'What is said beside a clip that arrives' },
  'check-report.schema.json': { schema: checkReportSchema, io: 'output', title: 'The report of a check' },
  'part.schema.json': { schema: partSchema, io: 'output', title: "One machine's part of a check" },
  'clock-report.schema.json': { schema: clockReportSchema, io: 'output', title: 'Where the time of every iteration went' },
  'audit-report.schema.json': {
    schema: auditReportSchema,
    io: 'output',
    title: 'How often the gates err, and when they wake up',
  },
  'doctor-report.schema.json': { schema: doctorReportSchema, io: 'output', title: 'How a repository is set up' },
  'place-report.schema.json': { schema: placeReportSchema, io: 'output', title: 'Where a graph may run' },
  'replay-report.schema.json': { schema: replayReportSchema, io: 'output', title: 'What a replay found' },
  'score-report.schema.json': { schema: scoreReportSchema, io: 'output', title: 'How good the models are that lie here' },
  'watch-report.schema.json': { schema: watchReportSchema, io: 'output', title: 'What runs where' },
};

/** The text of a schema's file; `io: input` shows defaults as optional fields. */
export function schemaText(schema: z.ZodType, io: 'input' | 'output', title: string): string {
  const json = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' });
  return `${JSON.stringify({ ...json, title }, undefined, 2)}\n`;
}
