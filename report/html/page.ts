import { html, trusted, type Markup } from './template.ts';

/**
 * One self-contained page: no script, nothing fetched. Its content security policy forbids both, so that even a hole in the
 * escaping could not act.
 */
export function pageOf({ title, style, main }: { title: string; style: string; main: Markup }): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <main>${main}</main>
      </body>
    </html> `.text;
}
