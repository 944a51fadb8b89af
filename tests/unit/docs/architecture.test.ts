import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
const source = new URL('../../../src/', import.meta.url);

/** Returns the rows of the first table after a heading, without its head. */
function tableAfter(heading: string): string[] {
  const [, text = ''] = page.split(`## ${heading}\n`);
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| --- |'));
  const rest = lines.slice(first + 1);
  return rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  );
}

/** Returns true for a path as the page writes it: from `src`, or from `src/main`. */
const exists = (path: string) => ['', 'main/'].some((folder) => existsSync(new URL(folder + path, source)));

describe('docs/architecture.md', () => {
  it('follows a byte through at most ten stations, each a file', () => {
    const stations = tableAfter('From the kernel to the screen').map((row) => /`([^`]+)`/.exec(row)?.[1] ?? '');
    expect(stations.length).toBeGreaterThan(5);
    expect(stations.length).toBeLessThanOrEqual(10);
    expect(stations.filter((path) => !path.includes('.') || !exists(path))).toEqual([]);
  });

  it('names folders and files that exist for each kind that can be added', () => {
    const rows = tableAfter('Adding a kind');
    expect(rows.length).toBeGreaterThan(5);
    const places = rows.flatMap((row) =>
      row
        .split('|')
        .slice(2, 4)
        .flatMap((cell) => [...cell.matchAll(/`([^`]+\/[^`]+)`/g)].map(([, path = '']) => path)),
    );
    expect(places.filter((path) => !exists(path))).toEqual([]);
  });
});
