import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previewText } from '#shared/bytes/text.ts';
import { maxFilterLength } from '#shared/filter/ast.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { row, socketInfo, type Written } from '#support/recorded-session.ts';
import { comparedTexts } from '../../../../../src/renderer/features/history/comparison.tsx';
import {
  indexOfRecord,
  listSent,
  maxSearch,
  sentFilter,
} from '../../../../../src/renderer/features/history/sent-messages.ts';

const sent = (written: readonly Written[]) => written.map((one, seq) => row(seq, { kind: 'out', ...one }));
const infos = [socketInfo(), socketInfo({ id: 2, peer: '127.0.0.1:50002' }), socketInfo({ id: 3, framing: 'raw' })];
/** The list for messages of these bytes, as the previews of a session show them. */
const listOf = (messages: readonly Uint8Array[]) =>
  listSent(sent(messages.map((bytes) => ({ preview: previewText(bytes), length: bytes.length }))), infos);

describe('the filter of a search', () => {
  test('is every sent message without a text', () => {
    expect(sentFilter('')).toBe('out');
  });

  test('finds a text, and bytes in hex also as bytes', () => {
    expect(sentFilter('a "b"')).toBe('out && text contains "a \\"b\\""');
    expect(sentFilter('0d 0A')).toBe('out && (text contains "0d 0A" || bytes contains "0d 0A")');
    expect(sentFilter('0d0a')).toBe('out && text contains "0d0a"');
  });

  test('is valid for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 16 }), (text) => {
        expect(parseFilter(sentFilter(text))).toMatchObject({ ok: true });
      }),
      { numRuns: 50 },
    );
    expect(sentFilter('\ufeff'.repeat(maxSearch)).length).toBeLessThanOrEqual(maxFilterLength);
  });
});

describe('the list of sent messages', () => {
  test('begins with the last one, and equal neighbours are one row', () => {
    const list = listSent(sent([{ preview: 'a' }, { preview: 'b' }, { preview: 'b' }, { preview: 'a' }]), infos);
    expect(list.map(({ row: { seq }, first, count }) => [seq, first, count])).toEqual([
      [3, 3, 1],
      [2, 1, 2],
      [0, 0, 1],
    ]);
    expect([0, 1, 2, 3, 4].map((seq) => indexOfRecord(list, seq))).toEqual([2, 1, 1, 0, -1]);
  });

  test('has one row for a message to several peers of one framing', () => {
    const list = listSent(sent([1, 2, 1, 2, 3].map((socket) => ({ preview: 'x', socket }))), infos);
    expect(list.map(({ count, sockets }) => [count, sockets])).toEqual([
      [1, [3]],
      [4, [1, 2]],
    ]);
  });

  test('joins only messages whose bytes are equal', () => {
    const bytes = fc.uint8Array({ maxLength: 6 });
    const awkward = fc.constantFrom('␊', '\n', '\u007f', '␡', '⟨U+FEFF⟩', '\ufeff', 'é', '\ufffd', '⟨U+110000⟩');
    const text = fc.array(awkward, { maxLength: 3 }).map((parts) => new TextEncoder().encode(parts.join('')));
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, text), { maxLength: 6 }), (messages) => {
        let from = 0;
        for (const { count } of listOf(messages).reverse()) {
          const joined = messages.slice(from, from + count).map((one) => Buffer.from(one).toString('hex'));
          expect(new Set(joined).size).toBe(1);
          from += count;
        }
        expect(from).toBe(messages.length);
      }),
    );
  });

  test('joins text with control characters, and nothing that is shortened or not text', () => {
    const encode = (text: string) => new TextEncoder().encode(text);
    expect(listOf([encode('a\r\n'), encode('a\r\n')])).toHaveLength(1);
    const long = encode('x'.repeat(300));
    expect(listOf([long, long])).toHaveLength(2);
    const binary = Uint8Array.of(0xff);
    expect(listOf([binary, binary])).toHaveLength(2);
  });

  test('marks the parts of a file, also the last one', () => {
    const part = messageFlags.part;
    const list = listSent(
      sent([
        { preview: 'xx', flags: part },
        { preview: 'xx', offset: 2 },
        { preview: 'xx', offset: 4 },
      ]),
      infos,
    );
    expect(list.map(({ isPart }) => isPart)).toEqual([false, true, true]);
  });
});

describe('compared messages', () => {
  const encode = (text: string) => new TextEncoder().encode(text);

  test('are text if both are, and hex otherwise', () => {
    expect(comparedTexts(encode('a\r\n'), encode('b'))).toEqual({ form: 'text', original: 'a\r\n', modified: 'b' });
    expect(comparedTexts(encode('a'), Uint8Array.of(0xff))).toEqual({ form: 'hex', original: '61', modified: 'ff' });
    expect(comparedTexts(encode('a\0'), encode('a'))).toEqual({ form: 'hex', original: '61 00', modified: '61' });
  });

  test('have no differences exactly if their bytes are equal', () => {
    const bytes = fc.uint8Array({ maxLength: 3, max: 2 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(comparedTexts(one, other) === undefined).toBe(Buffer.from(one).equals(other));
      }),
    );
  });
});
