import { expect, it } from 'vitest';
import { poison } from '../../testing/reports/report-poison.ts';
import { CHECK_OUTPUT, COMMENT } from './limits.ts';
import { renderProblems, renderProblemsComment } from './render-problems.ts';

const problem = {
  file: 'fieldproof.yaml',
  line: 13,
  column: 7,
  field: 'gates',
  message: 'no dataset is named field',
  remedy: 'name one',
};

it('says first that nothing was judged, and of each problem where it is and what to do', () => {
  expect(
    renderProblems({ problems: [problem], remarks: ['Not sandboxed.'], run: 'https://github.example/acme/porch/actions/runs/7' }),
  ).toEqual({
    title: 'Could not run: fieldproof.yaml:13:7 (gates): no dataset is named field',
    summary: [
      '## ⚠️ Fieldproof could not run',
      'Nothing was judged: this says nothing for or against the change.',
      '[The run and its logs](https://github.example/acme/porch/actions/runs/7)',
      '- fieldproof.yaml:13:7 (gates): no dataset is named field<br>**What to do:** name one',
      '- Not sandboxed.',
    ].join('\n\n'),
    text: null,
  });
});

it('says so too of a job that was ended before it could say anything', () => {
  const { title, summary } = renderProblems({ problems: [], remarks: [], run: null });
  expect(title).toBe('Could not run: the job: was ended before it could say why');
  expect(summary).toContain('**What to do:** look at its log, and run it again');
});

it('stays within the limits, and takes no word for markup', () => {
  const problems = Array.from({ length: 300 }, (_, at) => {
    const words = poison[at % poison.length] ?? '';
    return { file: words, message: words.repeat(20), remedy: words.repeat(20) };
  });
  const { title, summary } = renderProblems({ problems, remarks: [...poison], run: null });
  expect(Array.from(title).length).toBeLessThanOrEqual(255);
  expect(title).not.toMatch(/[\n\r]/);
  expect(CHECK_OUTPUT.size(summary)).toBeLessThanOrEqual(CHECK_OUTPUT.most);
  expect(summary).not.toMatch(/<script|@\w|<!--/);
  expect(COMMENT.size(renderProblemsComment({ problems, remarks: [], run: null }, '<!-- fieldproof:x -->'))).toBeLessThanOrEqual(
    COMMENT.most,
  );
});
