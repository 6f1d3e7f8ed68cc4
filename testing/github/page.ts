import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** The column of a pull request's comments on a screen of a desk, in CSS pixels. */
export const GITHUB_WIDTH = 776;

const require = createRequire(import.meta.url);
const STYLES = {
  light: require.resolve('github-markdown-css/github-markdown-light.css'),
  dark: require.resolve('github-markdown-css/github-markdown-dark.css'),
};

/**
 * Markdown as GitHub shows it in a comment: CommonMark with its extensions, and its own style sheet (github-markdown-css is taken
 * from GitHub's pages). What GitHub does beside that, such as taking out tags, is not played.
 * @param opened whether folds are open, so that all can be seen
 */
export function githubPage(markdown: string, { theme, opened }: { theme: 'light' | 'dark'; opened: boolean }): string {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const body = opened ? html.replaceAll('<details>', '<details open>') : html;
  const style = readFileSync(STYLES[theme], 'utf8');
  return `<!doctype html><html><head><meta charset="utf-8"><style>${style}
body { margin: 0; } .markdown-body { box-sizing: border-box; width: ${GITHUB_WIDTH}px; padding: 16px; font-size: 14px; }</style></head>
<body><article class="markdown-body">${body}</article></body></html>`;
}
