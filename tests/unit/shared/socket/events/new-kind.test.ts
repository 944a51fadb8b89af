import { afterAll, beforeAll, expect, test, vi } from 'vitest';

/*
 * A kind of event is one descriptor and one line of the catalogue: with them, everything that knows of events knows it.
 */

const catalogue = '#shared/socket/events/catalogue.ts';

/** The modules that know of events, loaded with one more kind. */
async function loadWithKind() {
  vi.resetModules();
  const { socketEvents } = await import('#shared/socket/events/catalogue.ts');
  const { defineEvent, number, optional, text } = await import('#shared/socket/events/event-kind.ts');
  const migrated = defineEvent({
    kind: 'migrated',
    code: 200,
    help: 'the connection has another path',
    level: 'warning',
    isProblem: true,
    firstOf: 'outgoing',
    fields: { path: text, losses: optional(number) },
    text: ({ path, losses }) => `migrated to ${path}${losses === undefined ? '' : `, ${losses} packets lost`}`,
    changes: ({ path }) => ({ peer: path }),
    calls: ({ path }) => [{ call: `migrate(${path})`, explains: 'Changes the path.' }],
  });
  vi.resetModules();
  vi.doMock(catalogue, () => ({ socketEvents: [...socketEvents, migrated] }));
  return {
    ...(await import('#shared/calls/calls.ts')),
    ...(await import('#shared/contract/records.ts')),
    ...(await import('#shared/export/formats/jsonl.ts')),
    ...(await import('#shared/export/jsonl-record.ts')),
    ...(await import('#shared/filter/fields.ts')),
    ...(await import('#shared/record/record.ts')),
    ...(await import('#shared/record/session-json.ts')),
    ...(await import('#shared/record/record.ts')),
    ...(await import('#shared/socket/event.ts')),
    ...(await import('#shared/socket/state.ts')),
    ...(await import('../../../../../src/renderer/features/traffic/traffic-row.tsx')),
  };
}

let known: Awaited<ReturnType<typeof loadWithKind>>;
beforeAll(async () => {
  known = await loadWithKind();
});
afterAll(() => {
  vi.doUnmock(catalogue);
  vi.resetModules();
});

type SocketEvent = import('#shared/socket/event.ts').SocketEvent;
type Row = import('#shared/record/record.ts').Row;

const event = { kind: 'migrated', path: 'b', losses: 3 } as unknown as SocketEvent;
const { kind } = event;
const place = { seq: 1, at: 2, socket: 0, offset: 0, length: 0, head: 0, tail: 0, flags: 0 };
const row: Row = { ...place, kind, preview: '', event };

test('a new kind of event is parsed, named, shown and checked by its descriptor', () => {
  expect(known.kindOfCode(200)).toBe('migrated');
  expect(known.filterKinds).toContain('migrated');
  expect(known.parseSocketEvent(JSON.stringify(event), kind)).toEqual(event);
  expect(known.parseSocketEvent('{"kind":"migrated","losses":"x"}', kind)).toEqual({ kind, path: '' });
  expect(known.socketEventSchema.parse(event)).toEqual(event);
  expect(known.socketEventSchema.safeParse({ kind, losses: 3 }).success).toBe(false);
  expect(known.describeEvent(event)).toBe('migrated to b, 3 packets lost');
  expect(known.reduce(known.initialState, event)).toEqual({ ...known.initialState, peer: 'b' });
  expect(known.callsOf(row, undefined)).toEqual([{ call: 'migrate(b)', explains: 'Changes the path.' }]);
  expect([known.isProblem(kind), known.toneOf(kind)]).toEqual([true, 'warning']);
});

test('a new kind of event comes back from JSON lines', () => {
  const line = known.formatRecord(known.jsonlFormat, row, new Uint8Array(0), undefined);
  expect(JSON.parse(line)).toMatchObject({ kind: 'migrated', path: 'b', losses: 3, text: known.describeEvent(event) });
  expect(known.parseJsonl(line)).toMatchObject({ kind: 'event', event });
});
