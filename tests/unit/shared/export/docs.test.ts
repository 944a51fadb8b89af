import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exportFormats, exportOptionNames } from '#shared/export/export-formats.ts';

const page = readFileSync('docs/exports.md', 'utf8');

test('docs/exports.md lists every export format, and has a section for it', () => {
  const rows = page.split('\n').filter((line) => /^\| `[a-z]+` \|.*\|.*\|$/.test(line));
  const own = rows.filter((row) => exportFormats.some(({ name }) => row.startsWith(`| \`${name}\` |`)));
  expect(own).toEqual(exportFormats.map(({ name, holds, readers }) => `| \`${name}\` | ${holds} | ${readers} |`));
  for (const { name } of exportFormats) expect(page).toContain(`\n## ${name}\n`);
});

test('docs/exports.md names every option of a format', () => {
  for (const name of exportOptionNames) expect(page).toContain(`\`${name}\``);
});
