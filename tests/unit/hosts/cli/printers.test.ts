import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyPrinter, type ReplyPrinterOptions } from '#hosts/cli/printers.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { chunksOf } from '#support/framing.ts';
import { acceptedSocket } from '#support/session.ts';

const rawStream: SocketInfo = { ...acceptedSocket, id: 1, framing: 'raw' };

function row(kind: Row['kind'], length: number, part: Partial<Row> = {}): Row {
  return { seq: 0, at: 0, kind, socket: 1, offset: 0, length, head: 0, tail: 0, flags: 0, preview: '', ...part };
}

/** What is printed of `messages`, each a text or bytes. */
function printed(
  messages: readonly (string | Uint8Array)[],
  options: Partial<ReplyPrinterOptions> = {},
  part: Partial<Row> = {},
  socket: SocketInfo | undefined = undefined,
): string {
  const pieces: Uint8Array[] = [];
  const printer = new ReplyPrinter({ write: (piece) => pieces.push(Buffer.from(piece)) }, { mode: 'text', ...options });
  for (const message of messages) {
    const bytes = Buffer.from(message);
    printer.print(row('in', bytes.length, part), bytes, socket, () => {});
  }
  printer.finish();
  return Buffer.concat(pieces).toString();
}

describe('a reply is printed', () => {
  test('as it came, with a line feed where it has none', () => {
    expect(printed(['one', 'two\n', 'three'])).toBe('one\ntwo\nthree\n');
    expect(printed([])).toBe('');
  });

  test('without its framing', () => {
    expect(printed(['one\r\n'], {}, { tail: 2 })).toBe('one\n');
    expect(printed(['\r\n'], {}, { tail: 2 })).toBe('');
  });

  test('in hex, on a line of its own, where it is not UTF-8', () => {
    expect(printed([Buffer.from([0xff, 0xfe, 0x0a]), 'text'])).toBe('hex: ff fe 0a\ntext\n');
    expect(printed(['text', Buffer.from([0xc3])])).toBe('text\nhex: c3\n');
  });

  test('byte for byte, framing and all, where it is to be raw', () => {
    const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const pieces: Uint8Array[] = [];
    const printer = new ReplyPrinter({ write: (piece) => pieces.push(Buffer.from(piece)) }, { mode: 'raw' });
    printer.print(row('in', 8, { head: 1, tail: 1 }), bytes, undefined, () => {});
    printer.finish();
    expect(Buffer.concat(pieces)).toEqual(bytes);
    expect(printed(['one', 'two'], { mode: 'raw' })).toBe('onetwo');
  });

  test('in hex or in base64, a line a message, where that is chosen', () => {
    expect(printed(['one\r\n', 'two'], { mode: 'hex' }, { tail: 0 })).toBe('6f 6e 65 0d 0a\n74 77 6f\n');
    expect(printed(['one', '\xff'], { mode: 'base64' })).toBe('b25l\nw78=\n');
  });

  test('a line for each read as text, though two reads split a character', () => {
    const euro = Buffer.from('€');
    const reads = [Buffer.concat([Buffer.from('a'), euro.subarray(0, 2)]), Buffer.concat([euro.subarray(2), euro])];
    expect(printed(reads, {}, {}, rawStream)).toBe('a\n€€\n');
    // A message of another framing stands alone.
    expect(printed(reads, {}, {}, { ...rawStream, framing: 'line' })).toBe('hex: 61 e2 82\nhex: ac e2 82 ac\n');
  });

  test('with what is left of a character that the peer did not finish', () => {
    const pieces: string[] = [];
    const printer = new ReplyPrinter({ write: (piece) => pieces.push(String(piece)) }, { mode: 'text' });
    printer.print(row('in', 1), Buffer.from([0xe2]), rawStream, () => {});
    const event = { kind: 'closed', cause: 'peer', bytesIn: 1, bytesOut: 0 } as const;
    printer.print(row('closed', 0, { event }), Buffer.alloc(0), rawStream, () => {});
    expect(pieces.join('')).toBe('hex: e2\n');
  });

  test('whole, where the limit cut it in pieces, and not where it is only white space between values', () => {
    const flags = messageFlags.truncated;
    expect(printed(['half of ', 'a message'], {}, { flags })).toBe('half of a message\n');
    expect(printed(['half of ', 'a message'], {}, { flags: messageFlags.part })).toBe('half of a message\n');
    expect(printed([' \n '], {}, { flags: messageFlags.filler })).toBe('');
  });

  test('and nothing that we sent', () => {
    const pieces: unknown[] = [];
    const printer = new ReplyPrinter({ write: (piece) => pieces.push(piece) }, { mode: 'raw' });
    printer.print(row('out', 5), Buffer.from('ours!'), undefined, () => {});
    printer.finish();
    expect(pieces).toEqual([]);
  });

  test('with the same characters however the stream was split into reads', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
        const reads = printed(chunksOf(Buffer.from(text), places), {}, {}, rawStream);
        expect(reads.replaceAll('\n', '')).toBe(text);
      }),
    );
  });
});
