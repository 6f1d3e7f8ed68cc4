import type { Answer } from './faults.ts';

type Body = {
  body?: unknown;
  description?: unknown;
  title?: unknown;
  output?: { title?: unknown; summary?: unknown; text?: unknown; annotations?: unknown[] };
};

/**
 * What GitHub refuses and the emulator takes, in GitHub's words as they are quoted in reviewbot#258 (50 items),
 * dotnet-tests-report#9 (characters), github/docs#35252 (bytes). Null where it is within the limits.
 */
export function refusalOf(method: string, path: string, body: unknown): Answer | null {
  if (method !== 'POST' && method !== 'PATCH') return null;
  const { body: text, description, output } = (body ?? {}) as Body;
  if (/\/check-runs(\/\d+)?$/.test(path) && output !== undefined) return refusedOutput(output);
  if (/\/(comments|issues|pulls)(\/\d+)?$/.test(path) && characters(text) > 65_536) {
    return invalid('Validation Failed', [
      {
        resource: 'IssueComment',
        code: 'unprocessable',
        field: 'data',
        message: 'Body is too long (maximum is 65536 characters)',
      },
    ]);
  }
  if (path.endsWith('/statuses') && characters(description) > 140) {
    return invalid('Validation Failed', [
      {
        resource: 'DeploymentStatus',
        code: 'custom',
        field: 'description',
        message: 'description is too long (maximum is 140 characters)',
      },
    ]);
  }
  return null;
}

function refusedOutput({ title, summary, text, annotations = [] }: NonNullable<Body['output']>): Answer | null {
  if (typeof title !== 'string' || typeof summary !== 'string') {
    return invalid('Invalid request.\n\n"title", "summary" weren\'t supplied.');
  }
  if (annotations.length > 50)
    return invalid(`Invalid request.\n\nNo more than 50 items are allowed; ${annotations.length} were supplied.`);
  for (const [field, value] of Object.entries({ summary, text })) {
    if (characters(value) > 65_535)
      return invalid(`Invalid request.\n\nOnly 65535 characters are allowed; ${characters(value)} were supplied.`);
    if (typeof value === 'string' && Buffer.byteLength(value) > 65_535) {
      return invalid('Validation Failed', [
        { resource: 'CheckRun', code: 'custom', field, message: `${field} exceeds a maximum bytesize of 65535` },
      ]);
    }
  }
  return null;
}

function characters(value: unknown): number {
  return typeof value === 'string' ? Array.from(value).length : 0;
}

function invalid(message: string, errors?: readonly unknown[]): Answer {
  const body = JSON.stringify({
    message,
    ...(errors === undefined ? {} : { errors }),
    documentation_url: 'https://docs.github.com/rest',
  });
  return { status: 422, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}
