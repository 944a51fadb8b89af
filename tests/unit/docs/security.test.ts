import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '#support/build-setup.ts';

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

describe('docs/security.md', () => {
  it('names tests that exist, by file and title', () => {
    const named = [...page.matchAll(/\| `(tests\/[^`]+)`: (.+) \|$/gm)].map(([, file = '', title = '']) => ({
      file,
      title,
    }));
    expect(named.length).toBeGreaterThan(30);
    const missing = named.filter(({ file, title }) => {
      const path = join(root, file);
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(`'${title}'`);
    });
    expect(missing).toEqual([]);
  });

  it('has a test in each row of its tables of what is shown', () => {
    const rows = page.split('\n').filter((line) => /^\| .*tests\//.test(line));
    expect(rows.filter((row) => !/^\| .+ \| `tests\/[^`]+\.test\.tsx?`: .+ \|$/.test(row))).toEqual([]);
  });
});
