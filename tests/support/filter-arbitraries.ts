import fc from 'fast-check';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Filter, PathStep, TreeTest } from '#shared/filter/ast.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { type Script, startAt } from './filter-session.ts';

const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
const events: readonly SocketEvent[] = [
  { kind: 'listening', local, backlog: 5 },
  { kind: 'ended' },
  { kind: 'malformed', framing: 'json', offset: 42, text: 'needle' },
  { kind: 'upgraded', url: 'ws://needle/', protocol: '', elapsedMs: 1 },
  { kind: 'paused', reason: 'needle in an event' },
  { kind: 'problem', text: '{"id":42}' },
  { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: 'connection reset by peer' },
  { kind: 'closed', cause: 'peer', bytesIn: 42, bytesOut: 7 },
];

const bodies = [
  '',
  'needle',
  'need',
  'le',
  'needleneedle',
  'a needle in the hay',
  'ünïcödé ✂',
  '{"user":{"id":42},"items":[1,{"id":"needle"}]}',
  '{"user":{"id":41},"id":-42.0}',
  '{"id":-42}',
  '{ "user" : { "id" : 4.2e1 } }',
  '{"user":{"\\u0069d":42}}',
  '{"id":"nee\\u0064le"}',
  '{"id":"needle","user":null}',
  '{"id":42',
  '{"name":"id","id":[42,43]}',
  '{"id":123456789012345678,"user":{"id":true}}',
  '[42]',
  '42',
  '<order><id>42</id><total>10.5</total></order>',
  '<order total="42"><id>needle</id></order>',
  '<order><id>42</order>',
  '\u0000\u0001\u0002',
  // With its SUM-8.
  '!?`',
];

const body = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...bodies).map((text) => encodeUtf8(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
  // Larger than a block.
  { weight: 1, arbitrary: fc.nat(600).map((length) => encodeUtf8(`${'x'.repeat(length)}needle`)) },
);
const socket = fc.integer({ min: 1, max: 4 });
const waitMs = fc.constantFrom(0, 0, 0, 0.25, 1, 1_000, -1);

/** Messages with any of these bodies and events, in any order. */
function scriptsOf(bodyOf: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Script[]> {
  const message = fc.record({
    kind: fc.constantFrom('in' as const, 'out' as const),
    socket,
    waitMs,
    body: bodyOf,
    head: fc.constantFrom(0, 0, 2),
    tail: fc.constantFrom(0, 0, 1, 6),
    flags: fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 3, 16, 32),
  });
  const event = fc.record({ kind: fc.constant('event' as const), socket, waitMs, event: fc.constantFrom(...events) });
  return fc.array(fc.oneof({ weight: 8, arbitrary: message }, { weight: 1, arbitrary: event }), { maxLength: 60 });
}

export const scripts = scriptsOf(body);

/** Messages that hold a needle, parts of one, or one only together with their framing or their neighbours. */
export const needleScripts = scriptsOf(
  fc
    .constantFrom('needle', 'needl', 'eedle', 'need', 'le', '', 'nneedlee', 'x'.repeat(200))
    .map((text) => encodeUtf8(text)),
);
export const needleFilters: fc.Arbitrary<Filter> = fc
  .record({
    kind: fc.constantFrom('text' as const, 'bytes' as const),
    op: fc.constantFrom('contains' as const, '==' as const),
    value: fc.constant('needle'),
  })
  .map(({ kind, op, value }) => (kind === 'text' ? { kind, op, value } : { kind, op, value: encodeUtf8(value) }));

/** Documents in many spellings, and filters on them. */
export const treeScripts = scriptsOf(
  fc.constantFrom(...bodies.filter((text) => /[[{<]/.test(text))).map((text) => encodeUtf8(text)),
);
const treeTexts = [
  'json.user.id == 42',
  'json.user.id != 42',
  'json.user.id < 42',
  'json.user.id == true',
  'json.id == -42',
  'json.id == 42',
  'json.id < 0',
  'json.id > 1e17',
  'json.id == "needle"',
  'json.id contains "eed"',
  'json.user == null',
  'json.user',
  'json.items[1].id == "needle"',
  'json.items[0] == 1',
  'json.id[*] == 43',
  'json[0] == 42',
  'xml.order.id == 42',
  'xml.order.@total == 42',
  'xml.order.total > 10',
];
export const treeFilters: fc.Arbitrary<Filter> = fc.constantFrom(
  ...treeTexts.map((text) => {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
    return parsed.filter;
  }),
);

const comparison = fc.constantFrom(
  '==' as const,
  '!=' as const,
  '<' as const,
  '<=' as const,
  '>' as const,
  '>=' as const,
);
const word = fc.constantFrom(
  'needle',
  'need',
  'le',
  'nee',
  '42',
  'e',
  '',
  'reset',
  '127.0.0.1:2',
  'ünï',
  'client',
  'x',
);
const stringTest = fc.constantFrom('==' as const, '!=' as const, 'contains' as const, 'matches' as const);

const steps: fc.Arbitrary<PathStep[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('key' as const),
        name: fc.constantFrom('user', 'id', 'items', 'order', 'total', '@total', 'name'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('index' as const), index: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'any' as const }) },
  ),
  { maxLength: 3 },
);
const treeTest: fc.Arbitrary<TreeTest> = fc.oneof(
  fc.constant({ op: 'exists' as const }),
  fc.record({ op: comparison, value: fc.constantFrom(42, -42, 41, 10, 1.2345678901234568e17, 'needle', true, null) }),
  fc.record({ op: fc.constantFrom('contains' as const, 'matches' as const), value: word }),
);

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ kind: 'all' }),
  fc.record({
    kind: fc.constant('flag' as const),
    flag: fc.constantFrom(
      'in',
      'out',
      'message',
      'bookmarked',
      'problem',
      'truncated',
      'part',
      'incomplete',
      'malformed',
      'filler',
    ),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.constantFrom('seq', 'socket', 'len'),
    op: comparison,
    value: fc.integer({ min: 0, max: 50 }),
  }),
  fc.record({
    kind: fc.constant('time' as const),
    op: comparison,
    value: fc.constantFrom(0, 0.25, 1_000, 1_000.25),
    absolute: fc.constant(false),
  }),
  fc.record({
    kind: fc.constant('time' as const),
    op: comparison,
    value: fc.constantFrom(startAt, startAt + 0.25, startAt + 2_000),
    absolute: fc.constant(true),
  }),
  fc.record({
    kind: fc.constant('record-kind' as const),
    op: fc.constantFrom('==' as const, '!=' as const),
    value: fc.constantFrom('in', 'out', 'message', 'closed', 'problem', 'failed', 'ended'),
  }),
  fc.record({
    kind: fc.constant('checksum' as const),
    verdict: fc.constantFrom('ok' as const, 'bad' as const, undefined),
  }),
  fc.record({
    kind: fc.constant('string' as const),
    field: fc.constantFrom('peer', 'local', 'endpoint', 'endpoint.id', 'note'),
    op: stringTest,
    value: word,
  }),
  fc.record({ kind: fc.constant('text' as const), op: stringTest, value: word }),
  fc.record({
    kind: fc.constant('bytes' as const),
    op: fc.constantFrom('==' as const, '!=' as const, 'contains' as const),
    value: fc.oneof(
      word.map((text) => encodeUtf8(text)),
      fc.uint8Array({ maxLength: 2 }),
    ),
  }),
  fc.record({
    kind: fc.constant('tree' as const),
    format: fc.constantFrom('json' as const, 'xml' as const),
    path: steps,
    test: treeTest,
  }),
);

/** Any filter, also such as nobody would type. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter; parts: Filter[] }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts: tie('parts') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), part: tie('filter') }) },
  ),
  parts: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
})).filter;
