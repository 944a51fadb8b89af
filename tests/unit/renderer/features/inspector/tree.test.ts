import { describe, expect, test } from 'vitest';
import { prettyOf } from '../../../../../src/renderer/features/inspector/pretty-view.tsx';
import type { TreeNode } from '../../../../../src/renderer/features/inspector/tree.ts';
import {
  maxVisited,
  nextMatch,
  treeMatches,
  treeRows,
} from '../../../../../src/renderer/features/inspector/tree-state.ts';

const pretty = (text: string) => prettyOf(new TextEncoder().encode(text));
const rootOf = (text: string): TreeNode => {
  const made = pretty(text);
  if (!made.ok) throw new Error(made.reason);
  return made.root;
};
const closed = { toggled: new Map<string, boolean>(), shown: new Map<string, number>() };
const lines = (text: string) => treeRows(rootOf(text), closed).map(({ node }) => `${node.path} ${node.text}`);

describe('a message as a tree', () => {
  test('shows JSON with the way to each value, every digit and repeated keys', () => {
    expect(lines('{"user":{"id":12345678901234567890},"a b":[true,null],"user":"x"}')).toEqual([
      '$ { 3 }',
      '$.user { 1 }',
      '$.user.id 12345678901234567890',
      '$["a b"] [ 2 ]',
      '$["a b"][0] true',
      '$["a b"][1] null',
      '$.user#2 "x"',
    ]);
  });

  test('shows XML with attributes, text and positions', () => {
    expect(lines('<o n="1"><i>a &amp; b</i><i s="x">c</i><!-- k --></o>')).toEqual([
      '/o < 4 >',
      '/o/@n 1',
      '/o/i[1] a & b',
      '/o/i[2] c',
      '/o/i[2]/@s x',
      '/o/i[2]/text() c',
      '/o/node()[3] <!-- k -->',
    ]);
  });

  test('decodes the escapes of values and keys', () => {
    expect(lines('{"Z\\u00fcrich":"\\ud83d\\ude00 \\/ \\"quoted\\""}')).toEqual([
      '$ { 1 }',
      '$["Zürich"] "😀 / "quoted""',
    ]);
    expect(rootOf('{"Z\\u00fcrich":1}').children?.()[0]?.label).toBe('Zürich');
  });

  test('finds names and values by what they mean, from the top down', () => {
    const root = rootOf('{"a":"\\u00fc","b":[{"ü":2}],"c":"{ 1 }"}');
    const paths = (text: string) => treeMatches(root, text).list.map(({ path }) => path);
    expect(paths('ü')).toEqual(['$.a', '$.b[0]["ü"]']);
    expect(paths('{ 1 }')).toEqual(['$.c']);
    expect(treeMatches(root, 'ü').list[1]?.ancestors.map(({ path }) => path)).toEqual(['$', '$.b', '$.b[0]']);
  });

  test('goes from match to match, and on at the other end', () => {
    const matches = ['a', 'b', 'c'].map((path) => ({ path, ancestors: [] }));
    expect([nextMatch(matches, 'a', false), nextMatch(matches, 'c', false), nextMatch(matches, 'a', true)]).toEqual([
      1, 0, 2,
    ]);
    expect([nextMatch(matches, 'elsewhere', false), nextMatch([], 'a', false)]).toEqual([0, undefined]);
  });

  test('copies a value as what it means and a branch as it was sent', () => {
    const [, name] = treeRows(rootOf('{"name":"a\\n\\u0041"}'), closed);
    expect(name?.node.value()).toBe('a\nA');
    expect(name?.node.source()).toBe('"a\\n\\u0041"');
    expect(rootOf(' {"n" : 1.50} ').value()).toBe('{"n" : 1.50}');
  });

  test('opens and closes branches as it is told', () => {
    const root = rootOf('[[1],[2]]');
    expect(treeRows(root, { ...closed, toggled: new Map([['$[0]', false]]) }).map(({ node }) => node.path)).toEqual([
      '$',
      '$[0]',
      '$[1]',
      '$[1][0]',
    ]);
  });

  test.each([
    ['{"a":}', 'Invalid JSON: line 1, column 6: Unexpected `}`: a value is expected.'],
    ['<a>', 'Invalid XML: line 1, column 1: “<a>” is never closed.'],
    ['Hello, server!', 'Not JSON or XML: no tree.'],
    [' \n', 'The message is empty or contains only white space.'],
  ])('of %j is replaced by a reason', (text, reason) => {
    expect(pretty(text)).toEqual({ ok: false, reason });
  });

  test('needs bytes that are text', () => {
    expect(prettyOf(Uint8Array.of(0x7b, 0xff))).toMatchObject({ ok: false });
  });

  test('shows 1 000 children of a branch and how many more there are, further ones when they are asked for', () => {
    const root = rootOf(`[${'0,'.repeat(99_999)}0]`);
    const rows = treeRows(root, closed);
    expect(rows).toHaveLength(1_002);
    expect(rows.at(-1)).toMatchObject({ node: root, rest: 99_000 });
    expect(treeRows(root, { ...closed, shown: new Map([['$', 10_000]]) })).toHaveLength(10_002);
  });

  test('makes no more nodes than are shown', () => {
    const root = rootOf(`<r>${'<a>x</a>'.repeat(20_000)}</r>`);
    treeRows(root, closed);
    const made = root.children?.(1_000);
    expect(made).toHaveLength(1_000);
    expect(root.children?.(1_000)[999]).toBe(made?.[999]);
    expect(made?.[999]?.path).toBe('/r/a[1000]');
  });

  test('opens no more than about 5 000 rows by itself, however few children each branch has', () => {
    const rows = treeRows(rootOf(`[${Array.from({ length: 900 }, () => `[${'0,'.repeat(900)}0]`).join(',')}]`), closed);
    expect(rows.length).toBeLessThan(7_000);
  });

  test('looks for text in a bounded number of nodes, and reports when there are more', () => {
    const root = rootOf(`[${'0,'.repeat(maxVisited)}"last"]`);
    expect(treeMatches(root, 'last')).toEqual({ list: [], isPart: true });
    expect(treeMatches(rootOf('["last"]'), 'last')).toMatchObject({ isPart: false, list: [{ path: '$[0]' }] });
  });
});
