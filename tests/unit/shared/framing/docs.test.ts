import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseFraming } from '#shared/framing/spec.ts';
import { withTables } from '../../../../tools/framing-tables.ts';

const page = readFileSync(new URL('../../../../docs/framing.md', import.meta.url), 'utf8');

describe('docs/framing.md', () => {
  test('has the tables of the catalogue (node tools/framing-tables.ts writes them)', () => {
    expect(withTables(page)).toBe(page);
  });

  test('has examples that are framings', () => {
    const examples = [...page.matchAll(/`((?:line|delim|fixed|len|stx|slip|start|json|gap):[0-9a-z:-]+)`/g)].map(
      ([, text = '']) => text,
    );
    expect(examples.length).toBeGreaterThan(2);
    for (const text of examples) expect(parseFraming(text), text).toBeDefined();
  });
});
