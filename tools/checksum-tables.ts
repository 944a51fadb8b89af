// Writes the tables of docs/checksums.md from the catalogue of checksums: node tools/checksum-tables.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { checksums, findChecksum } from '../src/shared/bytes/checksums/catalogue.ts';
import { crcTable } from '../src/shared/bytes/checksums/crc-table.ts';

const page = new URL('../docs/checksums.md', import.meta.url);

const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const coded = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
const reflections = { both: 'input, output', in: 'input', out: 'output', none: '–' };

/** The rows of each table, by the heading of its section. */
const tables: Readonly<Record<string, readonly string[]>> = {
  'Other algorithms': checksums
    .filter(({ group }) => group !== 'CRC')
    .map(({ name, aliases, bits, label }) => row(coded([name]), coded(aliases), bits, label)),
  'CRC algorithms': crcTable.map(([name, bits, poly, init, reflected, xorOut, check]) =>
    row(
      ...[coded([name]), coded(findChecksum(name)?.aliases ?? []), bits],
      ...[coded([poly]), coded([init]), reflections[reflected], coded([xorOut]), coded([check])],
    ),
  ),
};

/** Returns the text of docs/checksums.md with the rows that the catalogue gives. */
export function withTables(text: string): string {
  let result = text;
  for (const [heading, rows] of Object.entries(tables)) {
    const table = new RegExp(`(\\n## ${heading}\\n[^]*?\\n\\| --- [^\\n]*\\n)(?:\\|[^\\n]*\\n)*`);
    if (!table.test(result)) throw new Error(`docs/checksums.md has no table under “${heading}”`);
    result = result.replace(table, (_, before: string) => `${before}${rows.join('\n')}\n`);
  }
  return result;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withTables(readFileSync(page, 'utf8')));
}
