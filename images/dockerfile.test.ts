import { describe, expect, it } from 'vitest';
import { basesOf, dockerfileProblems, failedInstruction, instructionsOf, printable, withBases } from './dockerfile.ts';

const FILE = [
  '# syntax=docker/dockerfile:1',
  'ARG BASE=debian',
  'FROM $BASE',
  '# a remark',
  'RUN first && \\',
  '  # a remark within',
  '  second',
  '',
  'COPY . /app',
].join('\n');

describe('instructionsOf', () => {
  it('numbers instructions as the engine numbers its steps, each with its own line', () => {
    expect(instructionsOf(FILE)).toEqual([
      { line: 2, text: 'ARG BASE=debian' },
      { line: 3, text: 'FROM $BASE' },
      { line: 5, text: 'RUN first && second' },
      { line: 9, text: 'COPY . /app' },
    ]);
  });

  it('knows the other escape character', () => {
    expect(instructionsOf('# escape=`\nFROM a\nRUN b `\n c')).toEqual([
      { line: 2, text: 'FROM a' },
      { line: 3, text: 'RUN b c' },
    ]);
  });
});

describe('failedInstruction', () => {
  it('is the step that the log ended in', () => {
    const log = ['Step 2/4 : FROM $BASE', ' ---> 1234', 'Step 3/4 : RUN first && second', 'Step 9 : no step'];
    expect(failedInstruction(FILE, log, 'The command returned a non-zero code: 1')?.line).toBe(5);
  });

  it('is the line that a parse error names', () => {
    expect(failedInstruction(FILE, [], 'dockerfile parse error line 9: unknown instruction: COPPY')?.line).toBe(9);
  });

  it('is unknown when nothing tells', () => {
    expect(failedInstruction(FILE, [], 'the engine ended the build without an image')).toBeUndefined();
  });
});

describe('dockerfileProblems', () => {
  it("finds nothing wrong with Docker's own syntax", () => {
    expect(dockerfileProblems(FILE, 'Dockerfile')).toEqual([]);
  });

  it.each(['evil/frontend', 'docker.io/evil/dockerfile:1', 'docker/dockerfile-upstream:master', 'ghcr.io/docker/dockerfile'])(
    'refuses the frontend %s',
    (frontend) => {
      const [problem] = dockerfileProblems(`#syntax = ${frontend}\nFROM a`, 'm/Dockerfile');
      expect(problem).toMatchObject({ file: 'm/Dockerfile', line: 1 });
      expect(problem?.message).toBe(`names its own builder (# syntax=${frontend}), which is refused`);
    },
  );

  it('takes a comment further down for a comment', () => {
    expect(dockerfileProblems('FROM a\n# syntax=evil/frontend\n', 'Dockerfile')).toEqual([]);
  });

  it.each([
    ['RUN --mount=type=cache,target=/x make', 'RUN --mount'],
    ['COPY --chown=1:1 --link . /x', 'COPY --link'],
    ['RUN <<EOF', 'a here-document'],
    ["COPY <<'EOF' /x", 'a here-document'],
  ])('says that %s needs BuildKit', (instruction, feature) => {
    const [problem] = dockerfileProblems(`FROM a\n${instruction}`, 'Dockerfile');
    expect(problem?.line).toBe(2);
    expect(problem?.message).toContain(`${feature} needs BuildKit`);
  });

  it('takes a shift in arithmetic for no here-document', () => {
    expect(dockerfileProblems('FROM a\nRUN echo $((1<<4))', 'Dockerfile')).toEqual([]);
  });

  it('names a file without FROM', () => {
    expect(dockerfileProblems('RUN x', 'Dockerfile')[0]?.message).toBe('has no FROM instruction');
  });
});

describe('printable', () => {
  it('takes colours and control characters out of a log', () => {
    expect(printable('\u001b[31mred\u001b[0m\u0007\ttab\rback')).toBe('red\ttabback');
  });
});

describe('what a build begins from', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  it.each([
    ['a name', 'FROM debian', { name: 'debian', digest: null }],
    ['a tag', 'FROM registry.example/base:1 AS one', { name: 'registry.example/base', digest: null }],
    ['a port', 'FROM 127.0.0.1:5000/base', { name: '127.0.0.1:5000/base', digest: null }],
    ['a digest', `from --platform=linux/amd64 registry.example/base@${digest}`, { name: 'registry.example/base', digest }],
    ['both', `FROM registry.example:5000/base:1@${digest}`, { name: 'registry.example:5000/base', digest }],
    ['a digest that is none', 'FROM base@sha256:1', { name: 'base', digest: null }],
    ['an argument', 'ARG BASE=x\nFROM $BASE', { name: '$BASE', digest: null }],
  ])('is read: %s', (_, text, expected) => expect(basesOf(text)).toMatchObject([expected]));

  it('is called as an engine has it, line for line, and nothing else is', () => {
    const written = `registry.example/base@${digest}`;
    const text = `# FROM ${written}\nFROM --platform=linux/amd64 ${written} AS one\nRUN echo ${written}\nFROM other\n`;
    expect(withBases(text, new Map([[written, 'here:1']]))).toBe(
      `# FROM ${written}\nFROM --platform=linux/amd64 here:1 AS one\nRUN echo ${written}\nFROM other\n`,
    );
  });
});
