import { digestOf, hexOf } from '#kernel';
import type { ClockReport } from './documents/clock-report.ts';

type Value = { stringValue: string } | { intValue: string };
type Attribute = { key: string; value: Value };
type OtlpSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: 1;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code: 0 | 1 | 2 };
};

/** ExportTraceServiceRequest of OTLP 1.x, in its JSON form. */
export type OtlpTraces = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { scope: { name: string; version: string }; spans: OtlpSpan[] }[];
  }[];
};

const STATUS = { 'field-verified': 1, landed: 1, underway: 0, rejected: 2, 'taken back': 2 } as const;

/** A trace for each iteration: itself, and below it each stretch of work, wait and gap. Sent again, each has the same ids. */
export function otlpTraces(iterations: ClockReport['iterations']): OtlpTraces {
  const byModel = Map.groupBy(iterations, ({ model }) => model);
  return {
    resourceSpans: [...byModel].map(([model, lives]) => ({
      resource: { attributes: [text('service.name', 'fieldproof'), text('fieldproof.model', model)] },
      scopeSpans: [{ scope: { name: 'fieldproof.clock', version: '1' }, spans: lives.flatMap((life) => spansOf(life)) }],
    })),
  };
}

function spansOf(life: ClockReport['iterations'][number]): OtlpSpan[] {
  const traceId = idOf(life.verdict, 32);
  const root: OtlpSpan = {
    traceId,
    spanId: idOf(`${life.verdict} iteration`, 16),
    name: 'iteration',
    kind: 1,
    startTimeUnixNano: nanoseconds(life.from),
    endTimeUnixNano: nanoseconds(life.to),
    attributes: [
      text('fieldproof.state', life.state),
      text('fieldproof.release', life.release),
      text('vcs.ref.head.revision', life.head),
      text('fieldproof.verdict', life.verdict),
      ...(['work', 'waits', 'gaps'] as const).map((name) => count(`fieldproof.seconds.${name}`, life[name])),
    ],
    status: { code: STATUS[life.state] },
  };
  const below = life.spans.map((span, at): OtlpSpan => ({
    traceId,
    spanId: idOf(`${life.verdict} ${at}`, 16),
    parentSpanId: root.spanId,
    name: span.name,
    kind: 1,
    startTimeUnixNano: nanoseconds(span.from),
    endTimeUnixNano: nanoseconds(span.to),
    attributes: [text('fieldproof.kind', span.kind), ...(span.owner === null ? [] : [text('fieldproof.owner', span.owner)])],
    status: { code: 0 },
  }));
  return [root, ...below];
}

function idOf(word: string, digits: 16 | 32): string {
  return hexOf(digestOf(word)).slice(0, digits);
}

function nanoseconds(instant: string): string {
  return `${BigInt(Date.parse(instant)) * 1_000_000n}`;
}

function text(key: string, value: string): Attribute {
  return { key, value: { stringValue: value } };
}

function count(key: string, value: number): Attribute {
  return { key, value: { intValue: String(value) } };
}
