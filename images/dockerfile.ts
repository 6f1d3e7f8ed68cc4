import { isDigest, type Digest, type Problem } from '#kernel';

/** One instruction of a Dockerfile, with the line on which it begins, counted from 1. */
export type Instruction = { line: number; text: string };

/** The instructions in order. The classic builder numbers its steps exactly so. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const escape = directive(dockerfile, 'escape')?.value === '`' ? '`' : '\\';
  const instructions: Instruction[] = [];
  let open: Instruction | undefined;
  for (const [index, raw] of dockerfile.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const goesOn = line.endsWith(escape);
    const text = goesOn ? line.slice(0, -1).trimEnd() : line;
    if (open === undefined) instructions.push((open = { line: index + 1, text }));
    else open.text += ` ${text}`;
    if (!goesOn) open = undefined;
  }
  return instructions;
}

/** What a stage begins from, as written; its name without tag, and its digest where it has one. */
export type BaseReference = { line: number; written: string; name: string; digest: Digest | null };

const FROM = /^FROM\s+(?:--\S+\s+)*(\S+)/i;

/** Arguments (`FROM $BASE`) are not filled in: such a name is no image's. */
export function basesOf(dockerfile: string): BaseReference[] {
  return instructionsOf(dockerfile).flatMap(({ line, text }) => {
    const written = FROM.exec(text)?.[1] ?? '';
    const [tagged = '', digest = ''] = written.split('@');
    const name = tagged.replace(/:[\w][\w.-]*$/, '');
    return name === '' ? [] : [{ line, written, name, digest: isDigest(digest) ? digest : null }];
  });
}

/** The file with images, as they are written in it, called as they are `named` on an engine. Lines stay where they are. */
export function withBases(dockerfile: string, named: ReadonlyMap<string, string>): string {
  return dockerfile.replace(/^([ \t]*FROM[ \t]+(?:--\S+[ \t]+)*)(\S+)/gim, (all, before: string, reference: string) => {
    const other = named.get(reference);
    return other === undefined ? all : before + other;
  });
}

/**
 * What the file asks for that we won't or can't do. A frontend named by `# syntax=` is a program that would run the whole
 * build (BuildKit GHSA-wr6v-9f75-vh2g); Docker's own is a harmless wish for newer syntax.
 */
export function dockerfileProblems(dockerfile: string, file: string): Problem[] {
  const instructions = instructionsOf(dockerfile);
  const syntax = directive(dockerfile, 'syntax');
  const problems: Problem[] = [];
  if (syntax !== undefined && !OFFICIAL_FRONTEND.test(syntax.value)) {
    const message = `names its own builder (# syntax=${printable(syntax.value)}), which is refused`;
    problems.push({ file, line: syntax.line, message, remedy: 'remove the line, or name docker/dockerfile:1' });
  }
  if (!instructions.some(({ text }) => /^FROM\s/i.test(text))) {
    problems.push({ file, message: 'has no FROM instruction', remedy: 'begin the image with FROM and a base image' });
  }
  for (const { line, text } of instructions) {
    const feature = NEEDS_BUILDKIT.find(({ form }) => form.test(text));
    if (feature !== undefined) {
      const message = `${feature.name} needs BuildKit, and images are built by the engine's classic builder`;
      problems.push({ file, line, message, remedy: 'write it with plain RUN, COPY and ADD' });
    }
  }
  return problems;
}

const OFFICIAL_FRONTEND = /^(docker\.io\/)?docker\/dockerfile(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

const NEEDS_BUILDKIT = [
  { name: 'RUN --mount', form: /^RUN\s+(--\S+\s+)*--(mount|network|security)=/i },
  { name: 'COPY --link', form: /^(COPY|ADD)\s+(--\S+\s+)*--(link|parents|exclude)\b/i },
  { name: 'a here-document', form: /^(RUN|COPY|ADD)\s(.*\s)?<<-?["']?[A-Za-z_]/i },
];

/** The instruction that a build was at when its log ended, or that an error about the file itself names. */
export function failedInstruction(dockerfile: string, log: readonly string[], error: string): Instruction | undefined {
  const instructions = instructionsOf(dockerfile);
  const named = /\bline (\d+)\b/.exec(error)?.[1];
  if (/^dockerfile parse error/i.test(error) && named !== undefined) {
    const line = Number(named);
    return instructions.findLast((instruction) => instruction.line <= line) ?? { line, text: '' };
  }
  const step = log.map((line) => /^Step (\d+)\/\d+ : /.exec(line)?.[1]).findLast((number) => number !== undefined);
  return step === undefined ? undefined : instructions[Number(step) - 1];
}

/** Text of somebody else's program, made safe for a terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

/** Parser directives stand at the very top, before any other comment. */
function directive(dockerfile: string, name: string): { value: string; line: number } | undefined {
  for (const [index, line] of dockerfile.split(/\r?\n/).entries()) {
    const found = /^#\s*([a-z]+)\s*=(.*)$/i.exec(line);
    if (found === null) return undefined;
    if (found[1]?.toLowerCase() === name) return { value: (found[2] ?? '').trim(), line: index + 1 };
  }
  return undefined;
}
