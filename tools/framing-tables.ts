// Writes the tables of docs/framing.md from the catalogue of framings: node tools/framing-tables.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { framings } from '../src/shared/framing/catalogue.ts';
import { protocols } from '../src/shared/framing/protocols.ts';

const page = new URL('../docs/framing.md', import.meta.url);

const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
/** Returns a spelling without its optional parts. */
const shortOf = (spelling: string) => spelling.replaceAll(/\[.*?\]/g, '');

/** The rows of each table, by the heading of its section. */
const tables: Readonly<Record<string, readonly string[]>> = {
  Spellings: framings.flatMap(({ spellings }) =>
    spellings.map(({ text, message, sending }) => row(`\`${text}\``, message, sending)),
  ),
  Protocols: protocols.map(({ name, title, framing }) => row(`\`${name}\``, title, `\`${framing}\``)),
  'Malformed bytes': framings.map(({ spellings, wrong }) =>
    row(
      spellings.map(({ text }) => `\`${shortOf(text)}\``).join(', '),
      wrong?.what ?? 'nothing: any bytes follow it',
      wrong?.resume ?? '–',
    ),
  ),
};

/** Returns the text of docs/framing.md with the rows that the catalogue gives. */
export function withTables(text: string): string {
  let result = text;
  for (const [heading, rows] of Object.entries(tables)) {
    const table = new RegExp(`(\\n## ${heading}\\n[^]*?\\n\\| --- [^\\n]*\\n)(?:\\|[^\\n]*\\n)*`);
    if (!table.test(result)) throw new Error(`docs/framing.md has no table under “${heading}”`);
    result = result.replace(table, (_, before: string) => `${before}${rows.join('\n')}\n`);
  }
  return result;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withTables(readFileSync(page, 'utf8')));
}
