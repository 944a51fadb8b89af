// Writes the tables of docs/templates.md from the catalogue of templates: node tools/template-tables.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe } from '../src/shared/template/functions/catalogue.ts';
import type { Described } from '../src/shared/template/functions/function.ts';

const page = new URL('../docs/templates.md', import.meta.url);
const mark = '<!-- tables: node tools/template-tables.ts -->\n';

const code = (text: string) => `\`${text.includes('`') ? ` ${text} ` : text}\``;
const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
/** A name with its parameters, as a template writes it. */
const spelling = ({ kind, name, parameters }: Described) =>
  [kind === 'filter' && parameters.length > 0 ? `${name}:` : name, parameters.join(', ')].join(' ').trim();

/** Returns the text of docs/templates.md with the tables that the catalogue gives. */
export function withTables(text: string): string {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error('docs/templates.md has no mark for the tables');
  const tables = describe().map(({ title, functions }) => {
    const rows = functions.map((it) => row(code(spelling(it)), it.help, code(it.example), code(it.result)));
    return `\n### ${title}\n\n| name | what | example | result |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return text.slice(0, at + mark.length) + tables.join('');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withTables(readFileSync(page, 'utf8')));
}
