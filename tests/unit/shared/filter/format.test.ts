import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Filter, maxFilterLength } from '#shared/filter/ast.ts';
import { andFilter, equalsFilter, fieldFilter, formatFilter } from '#shared/filter/format.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { cases } from '#support/cases.ts';
import { anyFilter, filterOf } from './filters.ts';

describe('formatFilter', () => {
  test('writes what is read back as the same filter', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        const text = formatFilter(filter);
        fc.pre(text.length <= maxFilterLength);
        expect(parseFilter(text)).toEqual({ ok: true, filter });
      }),
      cases(500),
    );
  });

  test.each([
    ['  in  and (out or  truncated) ', 'in && (out || truncated)'],
    ['not (in)', '!in'],
    ['!(len>5)', '!(len > 5)'],
    ['in || out && truncated', 'in || out && truncated'],
    ['socket in {1, 2}', 'socket == 1 || socket == 2'],
    ['error', 'text contains "error"'],
    ['time < 1.5s', 'time < 1500ms'],
    ['time > 120', 'time > 120s'],
    ['time >= "2026-01-31 12:00:00Z"', 'time >= 2026-01-31T12:00:00Z'],
    ['time >= 2026-01-31T12:00:00.250+01:00', 'time >= 2026-01-31T11:00:00.25Z'],
    ['bytes contains "0A0b"', 'bytes contains 0a:0b'],
    ['json["odd key"]["id"] == "a\\x22"', 'json."odd key".id == "a\\""'],
    ['text ~ "\\d\\""', 'text matches "\\d\\""'],
    ['', ''],
  ])('writes %s as %s', (text, written) => {
    expect(formatFilter(filterOf(text))).toBe(written);
  });
});

/** What all has to hold for `filter`. */
function conditions(filter: Filter): Filter[] {
  return filter.kind === 'and' ? filter.parts.flatMap(conditions) : [filter];
}

describe('filters by a value', () => {
  test('name the place and quote what needs quotes', () => {
    const path = [
      { kind: 'key', name: 'items' },
      { kind: 'index', index: 2 },
      { kind: 'key', name: 'odd key' },
    ] as const;
    expect(equalsFilter('json', path, 'a "b"')).toBe('json.items[2]."odd key" == "a \\"b\\""');
    expect(equalsFilter('json', path, null)).toBe('json.items[2]."odd key" == null');
    expect(fieldFilter('socket', 3)).toBe('socket == 3');
    expect(fieldFilter('peer', '[::1]:5')).toBe('peer == "[::1]:5"');
  });

  test('are put together with what was there, which keeps its meaning', () => {
    expect(andFilter('', 'in')).toBe('in');
    expect(andFilter(' in ', '')).toBe('in');
    expect(andFilter('in', 'socket == 3')).toBe('in && socket == 3');
    expect(andFilter('in || out', 'socket == 3')).toBe('(in || out) && socket == 3');
    expect(andFilter('in', 'in')).toBe('in');
    fc.assert(
      fc.property(anyFilter, anyFilter, (left, right) => {
        const [first, second] = [formatFilter(left), formatFilter(right)];
        fc.pre(first !== second && first.length + second.length < maxFilterLength - 20);
        expect(conditions(filterOf(andFilter(first, second)))).toEqual([...conditions(left), ...conditions(right)]);
      }),
    );
  });
});
