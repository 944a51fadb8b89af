import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Engine } from '#engine/engine.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { compileFilter } from '#shared/filter/compile.ts';
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
import { messageFlags } from '#shared/message/flags.ts';
import { MemoryLog } from '#support/memory-log.ts';
import { filterOf, recordOf } from './filters.ts';

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
    expect([...list.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind)).toEqual(filterKinds);
  });

  test('has examples that are filters', () => {
    expect(examples.length).toBeGreaterThan(30);
    for (const text of [...examples, ...filterFields.map(({ example }) => example)]) {
      expect(parseFilter(text), text).toMatchObject({ ok: true });
    }
  });
});

describe('the examples of the help', () => {
  const id = new Engine({ log: new MemoryLog(), readReplyFile: () => Promise.reject(new Error('no file')) }).create(
    defaultServer,
  ).id;
  const info = { endpoint: id, name: 'echo', local: '127.0.0.1:12345', peer: '127.0.0.1:51422', transport: 'tcp' };
  const flags = messageFlags;
  const accept = {
    kind: 'call',
    name: 'accept',
    args: '',
    origin: 'observed',
    startAt: 900,
    durationMs: 120,
    file: '/home/ann/server.py',
    line: 12,
  } as const;
  const records = [
    recordOf({ kind: 'out', info: { ...info, transport: 'tls' }, text: 'an error\r' }),
    recordOf({ info, socket: 3, seq: 1_000, text: '{"user":{"id":42}}', bookmarked: true, note: 'a todo' }),
    recordOf({ info, at: 7_000, text: `<order><total>11</total>${' '.repeat(100)}</order>`, flags: flags.part }),
    recordOf({ info, flags: flags.truncated | flags.incomplete | flags.malformed }),
    recordOf({ info, flags: flags.filler }),
    recordOf({ info, kind: 'closed' }),
    recordOf({ info, checksum: () => 'bad' }),
    recordOf({ kind: 'limited' }),
    recordOf({ kind: 'call', event: accept, info: { ...info, program: 'server.py (4711)' } }),
    recordOf({ kind: 'call', event: { ...accept, name: 'connect', errno: 'ECONNREFUSED', durationMs: 1, line: 1 } }),
  ];

  test.each(filterFields)('$example finds some of what a session holds, and not all of it', ({ example }) => {
    const predicate = compileFilter(filterOf(example));
    const found = records.filter((record) => predicate(record, { startAt: 1_000 })).length;
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(records.length);
  });
});

describe('the fields', () => {
  test('take each operator that they are said to take, and no other', () => {
    const values = {
      number: '1',
      time: '1s',
      duration: '1s',
      kind: 'in',
      checksum: 'ok',
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
