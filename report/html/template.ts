import { plainText } from '#kernel';

/** Text that is HTML already. Only `html` and `trusted` make it, so that whatever else is shown is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | null | false | readonly Content[];

/**
 * A template whose values are escaped, in text and in quoted attributes. Markup goes in as it is, lists are joined, null and
 * false vanish. SVG inside HTML is parsed by the same rules. The template's own indentation is left out. Quote every attribute: an unquoted one cannot be made safe.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const parts = strings.map(
    (part, at) => `${part.replace(/\n\s+/g, '\n')}${at < values.length ? contentText(values[at] ?? null) : ''}`,
  );
  return new Markup(parts.join(''));
}

/** Takes a text of our own, such as the style sheet, as markup. Never for anything that was read. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function contentText(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return Number.isFinite(content) ? String(content) : '';
  if (typeof content === 'string') return escapeHtml(plainText(content));
  return content.map(contentText).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
