import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRecord, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { parseJsonl } from '#shared/export/jsonl-record.ts';
import { bytesOfText, StreamTexts } from '#shared/export/record-format.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { cases } from '#support/cases.ts';
import { chunksOf } from '#support/framing.ts';
import { acceptedSocket } from '#support/session.ts';

const raw: SocketInfo = { ...acceptedSocket, id: 1, transport: 'tcp', framing: 'raw' };
const euro = Buffer.from('€');

function rowOf(length: number, part: Partial<Row> = {}): Row {
  return { seq: 0, at: 0, kind: 'in', socket: 1, offset: 0, length, head: 0, tail: 0, flags: 0, preview: '', ...part };
}

/** What each of `reads`, which follow one another, is as text. */
function textsOf(reads: readonly Uint8Array[], socket = raw, part: (index: number) => Partial<Row> = () => ({})) {
  const texts = new StreamTexts(isUtf8, { seesAll: false });
  let offset = 0;
  return reads.map((read, index) => {
    const found = texts.take(rowOf(read.length, { offset, ...part(index) }), read, socket);
    offset += read.length;
    return found && String(Buffer.from(bytesOfText(found, read)));
  });
}

describe('the text of a stream', () => {
  test('has a character that reads split with the one that ends it, however many they are', () => {
    const [one, two, three] = [euro.subarray(0, 1), euro.subarray(1, 2), euro.subarray(2)];
    expect(textsOf([Buffer.concat([Buffer.from('a'), one, two]), Buffer.concat([three, Buffer.from('b')])])).toEqual([
      'a',
      '€b',
    ]);
    expect(textsOf([one, two, three, Buffer.from('c')])).toEqual(['', '', '€', 'c']);
  });

  test('is none where bytes are no UTF-8, and goes on behind a character that never ends', () => {
    expect(textsOf([Buffer.from([0xff, 0xfe]), Buffer.from('ok')])).toEqual([undefined, 'ok']);
    expect(textsOf([euro.subarray(0, 2), Buffer.from('abc')])).toEqual(['', 'abc']);
    expect(textsOf([euro.subarray(2), Buffer.from('abc')])).toEqual([undefined, 'abc']);
  });

  test('is that of its own flow: the two directions and other sockets do not mix', () => {
    const directions = (index: number) => ({ kind: index === 1 ? 'out' : 'in' }) as const;
    const reads = [euro.subarray(0, 2), Buffer.from('x'), euro.subarray(2)];
    const offsets = (index: number) => ({ ...directions(index), offset: [0, 0, 2][index] as number });
    expect(textsOf(reads, raw, offsets)).toEqual(['', 'x', '€']);
  });

  test('does not go on over a record that is left out', () => {
    const reads = [euro.subarray(0, 2), euro.subarray(2)];
    expect(textsOf(reads, raw, (index) => ({ offset: index * 100 }))).toEqual(['', undefined]);
  });

  test.each([
    ['a message of a framing', { ...raw, framing: 'line' }],
    ['a datagram', { ...raw, transport: 'udp' as const }],
  ])('is not that of a stream where it is %s', (_what, socket) => {
    expect(textsOf([euro.subarray(0, 2), euro.subarray(2)], socket)).toEqual([undefined, undefined]);
  });

  test('goes on in the next piece of a message that a limit cut', () => {
    const socket = { ...raw, framing: 'line' };
    const pieces = (index: number) => ({ flags: index === 0 ? messageFlags.truncated : 0 });
    expect(textsOf([euro.subarray(0, 2), euro.subarray(2)], socket, pieces)).toEqual(['', '€']);
  });

  test('is all of it, in order, and each JSON line gives back exactly its own bytes', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 });
    const places = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(texts, places, (text, splits) => {
        const reads = chunksOf(Buffer.from(text), splits);
        const stream = new StreamTexts(isUtf8, { seesAll: false });
        let offset = 0;
        let joined = '';
        for (const read of reads) {
          const row = rowOf(read.length, { offset });
          const found = stream.take(row, read, raw);
          joined += found ? String(Buffer.from(bytesOfText(found, read))) : '(binary)';
          const line = formatRecord(jsonlFormat, row, read, raw, found);
          const back = parseJsonl(line);
          expect(back?.kind === 'message' && Buffer.from(back.bytes).equals(read)).toBe(true);
          offset += read.length;
        }
        expect(joined).toBe(text);
      }),
      cases(300),
    );
  });

  test('in JSON says which bytes a record shares, and takes no nonsense for such', () => {
    const stream = new StreamTexts(isUtf8, { seesAll: false });
    const reads = [Buffer.from([0x61, 0xe2, 0x82]), Buffer.from([0xac, 0x62])];
    const lines = reads.map((read, index) => {
      const row = rowOf(read.length, { offset: index * 3 });
      return JSON.parse(formatRecord(jsonlFormat, row, read, raw, stream.take(row, read, raw)));
    });
    expect(lines).toMatchObject([
      { length: 3, text: 'a', rest: 'e282' },
      { length: 2, text: '€b', carried: 2 },
    ]);
    for (const wrong of [{ carried: 4 }, { carried: -1 }, { carried: 'x' }, { rest: 'zz' }, { rest: '00000000' }]) {
      expect(parseJsonl(JSON.stringify({ ...lines[0], ...wrong }))).toBeUndefined();
    }
  });
});
