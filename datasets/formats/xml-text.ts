import sax from 'sax';
import { CouldNotRun, type Problem } from '#kernel';

/** An element of an XML text. `text`: what stands directly inside it, without the white space around. */
export type XmlElement = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  text: string;
  line: number;
};

/** As deep as any format here nests, and a little. */
const DEEPEST = 32;
/** Characters that are read before it is asked whether all is well so far. */
const STEP = 64 * 1024;

type Draft = { name: string; attributes: Record<string, string>; children: Draft[]; text: string; line: number };

/**
 * The root of an XML text. The five entities of XML and characters by number are all that is expanded: a text that declares
 * a document type, and so could declare entities, is refused.
 */
export function readXml(text: string, file: string): { root: XmlElement } | { problem: Problem } {
  const open: Draft[] = [{ name: '', attributes: {}, children: [], text: '', line: 1 }];
  const parser = sax.parser(true, { trim: true, position: true });
  const stop = (message: string, remedy: string): never => {
    throw new CouldNotRun({ file, line: parser.line + 1, message, remedy });
  };
  const addText = (words: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += words;
  };
  Object.assign(parser, {
    onerror: (error) => stop(`not XML: ${error.message.split('\n')[0] ?? ''}`, 'mend the syntax at this line'),
    ondoctype: () => stop('declares a document type', 'remove the <!DOCTYPE ...>: no format here needs one'),
    onopentag: ({ name, attributes }) => {
      if (open.length > DEEPEST) stop('nests too deeply', 'export it anew');
      const element = { name, attributes: plainAttributes(attributes), children: [], text: '', line: parser.line + 1 };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    ontext: addText,
    oncdata: addText,
    onclosetag: () => void open.pop(),
  } satisfies Partial<sax.SAXParser>);
  try {
    for (let at = 0; at < text.length; at += STEP) parser.write(text.slice(at, at + STEP));
    parser.close();
  } catch (thrown) {
    if (thrown instanceof CouldNotRun && thrown.problems[0] !== undefined) return { problem: thrown.problems[0] };
    throw thrown;
  }
  const root = open[0]?.children[0];
  return root === undefined ? { problem: { file, message: 'holds no XML element', remedy: 'export it anew' } } : { root };
}

function plainAttributes(attributes: Readonly<Record<string, string | { value: string }>>): Record<string, string> {
  const plain = Object.entries(attributes).map(
    ([name, value]) => [name, typeof value === 'string' ? value : value.value] as const,
  );
  return Object.fromEntries(plain);
}

/** The children of one name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child of a name, or of a child of that, and so on; undefined where there is none. */
export function textAt(element: XmlElement, ...names: readonly string[]): string | undefined {
  let at: XmlElement | undefined = element;
  for (const name of names) at = at?.children.find((child) => child.name === name);
  return at?.text;
}

/** A number as it is written in XML; NaN where it is none, or nothing. */
export function numberOf(text: string | undefined): number {
  return text === undefined || !/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number.NaN : Number(text);
}
