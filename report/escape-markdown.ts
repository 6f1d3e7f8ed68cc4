import { plainText } from '#kernel';

/**
 * Text from a pull request, made harmless inside GitHub-flavoured Markdown: what could open markup, a table cell, a comment
 * or HTML becomes a numeric entity, which CommonMark never reads as structure (section 2.5). GitHub looks for mentions,
 * issue numbers and links after entities are resolved, so those are also broken by an invisible zero-width space.
 */
export function escapeMarkdown(text: string): string {
  return plainText(text)
    .trim()
    .replace(/[&<>`|\\*_[\]~$]/g, entity)
    .replace(/@/g, `&#64;${ZERO_WIDTH_SPACE}`)
    .replace(/(?<!&)#/g, `&#35;${ZERO_WIDTH_SPACE}`)
    .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH_SPACE}`)
    .replace(/(?<=www|\bgh)(?=\.|-\d)/gi, ZERO_WIDTH_SPACE)
    .replace(/^([-+=]|\d+[.)])/, (mark) => `${ZERO_WIDTH_SPACE}${mark}`);
}

const ZERO_WIDTH_SPACE = '&#8203;';

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
