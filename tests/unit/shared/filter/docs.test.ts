import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  fieldOf,
  filterConnectives,
  filterFields,
  filterKinds,
  filterOperators,
  nearestName,
  operatorsOf,
} from '#shared/filter/fields.ts';
import { parseFilter } from '#shared/filter/parse.ts';

const page = readFileSync(new URL('../../../../docs/filters.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));
const examples = [...page.matchAll(/```filter\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'));

describe('docs/filters.md', () => {
  test.each(filterFields)('has a row for the field $name, with its example', ({ name, example }) => {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(`| \`${example}\` |`);
  });

  test.each([...filterOperators, ...filterConnectives])(
    'has a row for the operator $name, in all its spellings',
    (operator) => {
      const name = operator.name.replaceAll('|', '\\|');
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`) && line.includes(operator.help));
      for (const spelling of operator.also) expect(row).toContain(`\`${spelling}\``);
      expect(row).toBeDefined();
    },
  );

  test('names every kind', () => {
    const list = /^Kinds: (.*?)\n\n/ms.exec(page)?.[1] ?? '';
    expect([...list.matchAll(/`(\w+)`/g)].map(([, kind]) => kind)).toEqual(filterKinds);
  });

  test('has examples that are filters', () => {
    expect(examples.length).toBeGreaterThan(30);
    for (const text of [...examples, ...filterFields.map(({ example }) => example)]) {
      expect(parseFilter(text), text).toMatchObject({ ok: true });
    }
  });
});

describe('the fields', () => {
  test('take each operator that they are said to take, and no other', () => {
    const values = {
      number: '1',
      time: '1s',
      kind: 'in',
      string: '"a"',
      text: '"a"',
      bytes: '0a',
      tree: '1',
      flag: '1',
    };
    for (const { name, type } of filterFields) {
      for (const operator of filterOperators) {
        const value = operator.name === 'in' ? `{${values[type]}}` : values[type];
        const fits = operatorsOf(type).some((one) => one.name === operator.name);
        for (const spelling of [operator.name, ...operator.also]) {
          expect(parseFilter(`${name} ${spelling} ${value}`).ok, `${name} ${spelling}`).toBe(fits);
        }
      }
    }
    expect(fieldOf('constructor')).toBeUndefined();
  });

  test.each([
    ['sokcet', 'socket'],
    ['lenght', 'len'],
    ['Text', 'text'],
    ['jsn', 'json'],
    ['book', 'bookmarked'],
    ['zzzz', undefined],
  ])('%s was meant to be %s', (written, name) => {
    const names = filterFields.map((field) => field.name);
    expect(nearestName(written, names)).toBe(name);
  });
});
