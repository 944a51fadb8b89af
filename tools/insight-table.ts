// Writes the table and the sections of docs/insights.md from the catalogue of insights: node tools/insight-table.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { insightKinds } from '../src/shared/insights/catalogue.ts';

const page = new URL('../docs/insights.md', import.meta.url);
const begin = '<!-- insights -->\n';
const end = '<!-- end of insights -->';

/** Returns the text of docs/insights.md with what the catalogue gives. */
export function withInsights(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/insights.md has no place for the insights');
  return `${text.slice(0, from + begin.length)}\n${generated()}\n${text.slice(to)}`;
}

function generated(): string {
  const rows = insightKinds.map(({ id, severity, title }) => `| [\`${id}\`](#${id}) | ${severity} | ${title} |`);
  const table = ['| insight | severity | meaning |', '| --- | --- | --- |', ...rows].join('\n');
  const sections = insightKinds.map(
    ({ id, title, evidence, advice }) =>
      `## ${id}\n\n${title}.\n\n*Evidence:* ${evidence}\n\n*What to do:* ${advice}\n`,
  );
  return `${table}\n\n${sections.join('\n')}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(page, withInsights(readFileSync(page, 'utf8')));
}
