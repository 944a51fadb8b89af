import fc from 'fast-check';
import { expect, it, test, vi } from 'vitest';
import { maxRecordValues, parseRecordJson } from '#shared/record/session-json.ts';
import { cases } from '#support/cases.ts';

it('reads as JSON.parse does what is not large', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseRecordJson(text)).toEqual(JSON.parse(text));
    }),
    cases(300),
  );
  expect(parseRecordJson('{')).toBeUndefined();
});

test.each([
  ['empty objects', `{"a":[${'{},'.repeat(1_000_000)}0]}`],
  ['numbers', `[${'1,'.repeat(1_000_000)}1]`],
  ['lists in each other', '['.repeat(1_000_000)],
  ['objects behind a text that ends in a backslash', `["\\\\",${'{},'.repeat(1_000_000)}0]`],
])('does not parse a record of a million %s', (_, text) => {
  const parse = vi.spyOn(JSON, 'parse');
  expect(parseRecordJson(text)).toBeUndefined();
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});

test.each([
  ['commas', ','],
  ['escaped quotation marks', '\\"[,'],
  ['backslashes', '\\\\'],
])('reads a long text of %s', (_, part) => {
  const text = `{"text":"${part.repeat(maxRecordValues * 2)}","b":[1,2]}`;
  expect(parseRecordJson(text)).toEqual(JSON.parse(text));
});
