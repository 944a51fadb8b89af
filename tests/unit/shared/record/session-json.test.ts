import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { socketEventSchema } from '#shared/contract/records.ts';
import { describeEvent, kindCodes, type RecordKind } from '#shared/record/record.ts';
import { maxRecordValues, parseRecordJson, parseSocketEvent, parseSocketInfos } from '#shared/record/session-json.ts';
import { cases, Reached } from '#support/cases.ts';
import { everyEvent } from '#support/every-event.ts';

const address = { host: '127.0.0.1', port: 1, family: 4 } as const;

describe('parseSocketEvent', () => {
  it.each(everyEvent)('reads back $kind as it was written', (event) => {
    expect(parseSocketEvent(JSON.stringify(event), event.kind)).toEqual(event);
  });

  it('covers every kind of event', () => {
    const lifecycle = Object.keys(kindCodes).filter((kind) => kind !== 'in' && kind !== 'out');
    expect(new Set(everyEvent.map(({ kind }) => kind))).toEqual(new Set(lifecycle));
  });

  it('refuses an event that is of another kind than its record', () => {
    expect(parseSocketEvent('{"kind":"ended"}', 'shutdown')).toBeUndefined();
  });

  it('gives nothing, or an event that can be shown and sent to the page, for any JSON', () => {
    const kinds = Object.keys(kindCodes) as RecordKind[];
    const field = fc.oneof(fc.constant(address), fc.jsonValue(), fc.constantFrom('bind', 'local', 'peer', null));
    const keys = fc.constantFrom('local', 'peer', 'address', 'addresses', 'call', 'cause', 'text', 'name', 'bytesIn');
    const reached = new Reached<'an event' | 'nothing'>();
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.dictionary(keys, field), (kind, fields) => {
        // A number too large for JSON's reader, as a forged file may have it.
        const text = JSON.stringify({ ...fields, kind }).replaceAll(':null', ':1e999');
        const event = parseSocketEvent(text, kind);
        reached.note(event ? 'an event' : 'nothing');
        if (event) {
          expect(describeEvent(event)).toBeTypeOf('string');
          expect(socketEventSchema.parse(event)).toEqual(event);
        }
      }),
      cases(500),
    );
    reached.expectEach(['an event', 'nothing'], 50);
  });

  it('reads the sockets that are whole and leaves out the others', () => {
    const whole = {
      id: 1,
      role: 'accepted',
      transport: 'tcp',
      endpoint: 'e',
      name: 'n',
      local: 'l',
      peer: 'p',
      framing: 'raw',
    };
    expect(parseSocketInfos(JSON.stringify([whole, { id: 2 }, null, 7]))).toEqual([whole]);
    const unconnected = { ...whole, unconnected: true };
    expect(parseSocketInfos(JSON.stringify([unconnected]))).toEqual([unconnected]);
    const checked = { ...whole, checksum: 'no checksum at all' };
    expect(parseSocketInfos(JSON.stringify([checked]))).toEqual([checked]);
    const hostile = [
      { ...whole, checksum: 'x'.repeat(1_000_000) },
      { ...whole, checksum: 7 },
      { ...whole, checksum: '' },
    ];
    const [long, ...others] = parseSocketInfos(JSON.stringify(hostile));
    expect(long?.checksum).toHaveLength(100);
    expect(others).toEqual([whole, whole]);
    expect(parseSocketInfos('{')).toEqual([]);
    expect(parseSocketInfos('{}')).toEqual([]);
  });
});

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
