import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { framings } from '#shared/framing/catalogue.ts';
import { protocols } from '#shared/framing/protocols.ts';
import { framingSpellings, parseFraming } from '#shared/framing/spec.ts';

const page = readFileSync(new URL('../../../../docs/framing.md', import.meta.url), 'utf8');
const [front = '', wrong = ''] = page.split('## Wrong frames');
const [spellings = '', named = ''] = front.split('## Protocols');
const rowsOf = (section: string) => section.split('\n').filter((line) => line.startsWith('| `'));
/** The first cell of a row, as it is read. */
const cellOf = (row: string) => (/^\| (.*?) \| /.exec(row.replaceAll('\\|', '¦'))?.[1] ?? '').replaceAll('¦', '|');

describe('docs/framing.md', () => {
  test('has a row for every spelling, in the order of the help', () => {
    expect(rowsOf(spellings).map(cellOf)).toEqual(framingSpellings.map((spelling) => `\`${spelling}\``));
  });

  test('says of every framing what a wrong frame is', () => {
    const kindsNamed = rowsOf(wrong).flatMap((row) =>
      [...cellOf(row).matchAll(/`(.*?)`/g)].map(([, name = '']) => name),
    );
    const examples: Readonly<Record<string, string>> = {
      delim: 'delim:0a',
      fixed: 'fixed:4',
      gap: 'gap:50',
      len: 'len:1',
      'start:HEX:delim': 'start:24:delim:0a',
      'start:HEX:fixed': 'start:24:fixed:4',
    };
    const kinds = kindsNamed.map((name) => parseFraming(examples[name] ?? name)?.kind);
    expect(new Set(kinds)).toEqual(new Set(framings.map(({ kind }) => kind)));
  });

  test('has a row for every protocol, with its framing', () => {
    const rows = protocols.map(({ name, title, framing }) => `| \`${name}\` | ${title} | \`${framing}\` |`);
    expect(rowsOf(named)).toEqual(rows);
  });

  test('has examples that are framings', () => {
    const examples = [...page.matchAll(/`((?:line|delim|fixed|len|stx|slip|start|json|gap):[0-9a-z:-]+)`/g)].map(
      ([, text = '']) => text,
    );
    expect(examples.length).toBeGreaterThan(2);
    for (const text of examples) expect(parseFraming(text), text).toBeDefined();
  });
});
