import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyPrinter, type ReplyPrinterOptions } from '#hosts/cli/reply-printer.ts';
import { messageFlags, type Row } from '#shared/record/record.ts';
import { chunksOf } from '#support/framing.ts';

function row(kind: Row['kind'], length: number, part: Partial<Row> = {}): Row {
  return { seq: 0, at: 0, kind, socket: 1, offset: 0, length, head: 0, tail: 0, flags: 0, preview: '', ...part };
}

/** What is printed of `messages`, each a text or bytes. */
function printed(
  messages: readonly (string | Uint8Array)[],
  options: Partial<ReplyPrinterOptions> = {},
  part: Partial<Row> = {},
): string {
  const pieces: Uint8Array[] = [];
  const printer = new ReplyPrinter(
    { write: (piece) => pieces.push(Buffer.from(piece)) },
    { raw: false, terminal: false, ...options },
  );
  for (const message of messages) {
    const bytes = Buffer.from(message);
    printer.print(row('in', bytes.length, part), bytes, undefined, () => {});
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
    expect(printed(['text', Buffer.from([0xc3])], { raw: true })).toBe('text\nhex: c3\n');
  });

  test('with its control characters shown, where a terminal would act on them', () => {
    expect(printed(['\x1b[2J\tgone\r\nnext\0'], { terminal: true })).toBe('␛[2J\tgone␍\nnext␀\n');
    expect(printed(['\x1b[2Jgone'])).toBe('\x1b[2Jgone\n');
  });

  test('a line for each read on a terminal, as one stream elsewhere, under raw framing', () => {
    expect(printed(['one', 'two'], { raw: true, terminal: true })).toBe('one\ntwo\n');
    expect(printed(['one', 'two'], { raw: true })).toBe('onetwo\n');
  });

  test('whole, where the limit cut it in pieces, and not where it is only white space between values', () => {
    const flags = messageFlags.cutByLimit;
    expect(printed(['half of ', 'a message'], {}, { flags })).toBe('half of a message\n');
    expect(printed(['half of ', 'a message'], {}, { flags: messageFlags.part })).toBe('half of a message\n');
    expect(printed([' \n '], {}, { flags: messageFlags.filler })).toBe('');
  });

  test('and nothing that we sent', () => {
    const pieces: unknown[] = [];
    const printer = new ReplyPrinter({ write: (piece) => pieces.push(piece) }, { raw: true, terminal: false });
    printer.print(row('out', 5), Buffer.from('ours!'), undefined, () => {});
    printer.finish();
    expect(pieces).toEqual([]);
  });

  test('the same however the stream was cut into reads', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 8 }), (text, places) => {
        const whole = Buffer.from(text);
        const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
        expect(printed(chunksOf(whole, places), { raw: true })).toBe(ended);
      }),
    );
  });
});
