import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { andFilter } from '#shared/filter/format.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { Reached } from '#support/cases.ts';
import { prettyOf } from '../../../../../src/renderer/features/inspector/pretty-view.tsx';
import { placeFilter, treeRows, valueFilter } from '../../../../../src/renderer/features/inspector/tree-state.ts';
import { rowFilters } from '../../../../../src/renderer/features/traffic/row-actions.ts';
import { filterCells } from '../../../../../src/renderer/state/action.ts';
import {
  changeFilter,
  filterOfTab,
  joinedFilter,
  joinFilter,
  noFilter,
  shownFilter,
  shownOf,
} from '../../../../../src/renderer/state/filters.ts';
import { fakeHost } from '../../fake-services.ts';

const row: Row = {
  seq: 41,
  at: 5_012.5,
  kind: 'in',
  socket: 3,
  offset: 0,
  length: 7,
  head: 0,
  tail: 1,
  flags: 0,
  preview: 'say "x',
};
const info: SocketInfo = {
  id: 3,
  role: 'accepted',
  transport: 'tcp',
  endpoint: 'e1',
  name: 'echo',
  local: '127.0.0.1:1',
  peer: '127.0.0.1:2',
  framing: 'line',
};
const filtersOf = (...given: Parameters<typeof rowFilters>) => rowFilters(...given).map(({ filter }) => filter);

test('a message whose checksum is checked offers its verdict, and no other message does', () => {
  expect(filtersOf({ ...row, checksum: 'bad' }, info, 0, 'message')).toContain('checksum == bad');
  expect(filtersOf(row, info, 0, 'message').join()).not.toContain('checksum');
});

describe('what a row can be filtered by', () => {
  test('is what its cell shows', () => {
    expect(filtersOf(row, info, 5_000, 'peer')).toEqual(['socket == 3', 'peer == "127.0.0.1:2"', 'endpoint == "echo"']);
    expect(filtersOf(row, info, 5_000, 'dir')).toEqual(['in', 'message']);
    expect(filtersOf(row, info, 5_000, 'message')).toEqual(['text == "say \\"x"']);
    expect(filtersOf(row, info, 5_000, 'length')).toEqual(['len == 7']);
    expect(filtersOf(row, info, 5_000, 'seq')).toEqual(['seq >= 41', 'seq <= 41']);
  });

  test('is a time that takes the row itself in, in both directions', () => {
    expect(filtersOf(row, info, 5_000, 'time')).toEqual(['time >= 0.012499s', 'time <= 0.012501s']);
  });

  test('is no text that the row does not hold whole', () => {
    expect(filtersOf({ ...row, length: 500 }, info, 0, 'message')).toEqual([]);
    expect(filtersOf({ ...row, preview: 'a\u240ab' }, info, 0, 'message')).toEqual([]);
  });

  test('is the kind of an event, and nothing of a socket that is not known', () => {
    const event: Row = { ...row, kind: 'closed', length: 0, tail: 0, preview: 'closed by the peer' };
    expect(filtersOf(event, undefined, 0)).toEqual(['socket == 3', 'kind == closed']);
  });

  test('is always a filter', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.string({ maxLength: 40 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (preview, name, at) => {
          const given = { ...row, preview, length: new TextEncoder().encode(preview).length + 1, at };
          for (const cell of filterCells) {
            for (const { filter } of rowFilters(given, { ...info, name, peer: name }, 0, cell)) {
              expect(parseFilter(filter)).toMatchObject({ ok: true });
            }
          }
        },
      ),
    );
  });
});

describe('what a value of a tree can be filtered by', () => {
  const nodes = (text: string) => {
    const made = prettyOf(new TextEncoder().encode(text));
    if (!made.ok) throw new Error(made.reason);
    return treeRows(made.root, { toggled: new Map(), shown: new Map() }).map(({ node }) => node);
  };
  const filters = (text: string) => nodes(text).map(({ place }) => place && (valueFilter(place) ?? placeFilter(place)));

  test('is its place in JSON, with a value where it has one', () => {
    expect(filters('{"user":{"id":42,"odd key":null},"items":[{"name":"a\\"b"},true]}')).toEqual([
      'json',
      'json.user',
      'json.user.id == 42',
      'json.user."odd key" == null',
      'json.items',
      'json.items[0]',
      'json.items[0].name == "a\\"b"',
      'json.items[1] == true',
    ]);
  });

  test('is its place in XML, counted from 0 where there are several of a name', () => {
    expect(filters('<order no="7"><item>x</item><item k="1">y</item></order>')).toEqual([
      'xml.order',
      'xml.order.@no == "7"',
      'xml.order.item[0] == "x"',
      'xml.order.item[1] == "y"',
      'xml.order.item[1].@k == "1"',
      undefined,
    ]);
  });

  test('is always a filter', () => {
    const reached = new Reached<'a value' | 'a place' | 'no filter'>();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        for (const { place } of nodes(JSON.stringify(value))) {
          const [ofValue, ofPlace] = place ? [valueFilter(place), placeFilter(place)] : [];
          if (ofValue !== undefined) reached.note('a value');
          if (ofPlace !== undefined) reached.note('a place');
          const texts = [ofValue, ofPlace].filter((text) => text !== undefined);
          if (texts.length === 0) reached.note('no filter');
          for (const text of texts) expect(parseFilter(text)).toMatchObject({ ok: true });
        }
      }),
    );
    reached.expectEach(['a value', 'a place'], 50);
  });
});

describe('a condition joins a filter', () => {
  test.each([
    ['', 'in', 'only', 'in'],
    ['', 'in', 'and', 'in'],
    ['', 'in', 'exclude', '!(in)'],
    ['out', 'in', 'only', 'in'],
    ['out', 'len > 3', 'and', 'out && len > 3'],
    ['in || out', 'len > 3', 'and', '(in || out) && len > 3'],
    ['in', 'socket == 1', 'exclude', 'in && !(socket == 1)'],
  ] as const)('%j with %j: %s', (current, part, how, joined) => {
    expect(joinedFilter(current, part, how)).toBe(joined);
    expect(parseFilter(joined).ok).toBe(true);
  });

  test('of the tab, which hides from then on, and is remembered among those used before, once', () => {
    const { services } = fakeHost({});
    changeFilter(services.filters, 't', { text: 'out', mode: 'filter' });
    joinFilter(services, 't', 'len > 3', 'and');
    joinFilter(services, 't', 'in', 'only');
    joinFilter(services, 't', 'out', 'only');
    joinFilter(services, 't', 'in', 'only');
    expect(filterOfTab(services.filters.getState(), 't')).toMatchObject({ text: 'in', mode: 'filter' });
    expect(services.settings.getState().filters).toEqual(['in', 'out', 'out && len > 3']);
  });

  test('not of what one only looked for', () => {
    const { services } = fakeHost({});
    changeFilter(services.filters, 't', { text: 'needle', mode: 'find' });
    joinFilter(services, 't', 'in', 'and');
    expect(filterOfTab(services.filters.getState(), 't')).toMatchObject({ text: 'in', mode: 'filter' });
  });
});

describe('what a tab shows', () => {
  test.each([
    [{}, undefined, ''],
    [{}, 'e1', 'endpoint.id == "e1"'],
    [{ all: true }, 'e1', ''],
    [{ text: 'in || out' }, 'e1', 'endpoint.id == "e1" && (in || out)'],
    [{ text: ' in ' }, undefined, 'in'],
    [{ text: 'in', mode: 'find' as const }, 'e1', 'endpoint.id == "e1"'],
  ])('%j of endpoint %j: %j', (change, endpoint, filter) => {
    expect(shownFilter({ ...noFilter, ...change }, endpoint)).toBe(filter);
    const shown = shownOf({ ...noFilter, ...change }, endpoint);
    const scope = shown.endpoint === undefined ? '' : `endpoint.id == "${shown.endpoint}"`;
    expect(andFilter(scope, shown.filter)).toBe(filter);
  });
});
