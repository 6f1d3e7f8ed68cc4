import { stringify } from 'yaml';
import type { ManifestFile } from '../release.ts';

/** A value that YAML can say; undefined members are left out. */
export type YamlObject = { readonly [key: string]: unknown };

const HEADER = `# Written by Fieldproof, and written anew with each release.\n`;

/** One file of one or more documents. Keys stay in the order in which they were given, so equal objects are equal bytes. */
export function yamlFile(path: string, ...documents: readonly (YamlObject | readonly YamlObject[])[]): ManifestFile {
  const texts = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  return { path, content: HEADER + texts.join('---\n') };
}
