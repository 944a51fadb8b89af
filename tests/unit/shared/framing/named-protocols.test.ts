import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessFraming } from '#shared/framing/guess.ts';
import { protocols } from '#shared/framing/protocols.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { cases } from '#support/cases.ts';
import { conversationsOf } from '#support/conversations.ts';
import { frameStream } from '#support/framing.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex').toString('latin1');
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Messages as the specification of each protocol has them, one by one, where no conversation is recorded. */
const specified: Readonly<Record<string, readonly string[]>> = {
  // Device-Watchdog-Request and its answer.
  diameter: [
    hex(
      '01 000030 80 000118 00000000 00000001 00000002 00000108 4000000b 6c616200 00000128 4000000b 6c616200 00000000',
    ).slice(0, 48),
    hex('01 000014 00 000118 00000000 00000001 00000002'),
  ],
  jsonl: ['{"id":1}\n', '{"id":2,"name":"Ada"}\n'],
  nmea: ['$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\r\n', '!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D\r\n'],
  // COTP connection request and confirm.
  s7: [hex('03 00 0016 11e00000000100c0010ac1020100c2020102'), hex('03 00 0016 11d00001000100c0010ac1020100c2020102')],
};

/** The conversations of each other protocol. */
const recorded = new Map(
  protocols.filter(({ name }) => !(name in specified)).map(({ name }) => [name, conversationsOf(name)]),
);

describe('the protocols that have a name', () => {
  test('each have a conversation, recorded or as the specification has it', () => {
    expect([...recorded].filter(([, conversations]) => conversations.length === 0)).toEqual([]);
    expect(Object.keys(specified).filter((name) => conversationsOf(name).length > 0)).toEqual([]);
  });

  test.each(Object.entries(specified))('%s: the messages of the specification are told apart', (name, messages) => {
    const spec = parseFraming(name);
    if (!spec) throw new Error(name);
    const { messages: framed, problems } = frameStream(spec, [bytesOf(messages.join(''))]);
    expect(problems).toEqual([]);
    expect(framed.map(({ head, body, tail }) => head + body + tail)).toEqual(messages);
    expect(framed.every(({ flags }) => flags === 0)).toBe(true);
  });

  test.each(Object.entries(specified))('%s: is guessed', (name, messages) => {
    const guesses = guessFraming(bytesOf(messages.join('')));
    const spec = parseFraming(name);
    const named = guesses.find(({ framing }) => framing === (spec && formatFraming(spec)));
    expect(named).toMatchObject({ messages: messages.length, malformed: 0, unfinished: 0 });
    expect(named?.protocols).toContain(name);
    // A JSON value a line differs from JSON values only in the line ends.
    if (name !== 'jsonl') expect(guesses[0]).toBe(named);
  });
});

describe('a guess', () => {
  test('is HTTP where the body of the only request is not complete', () => {
    const request = 'POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\npart';
    expect(guessFraming(bytesOf(request))[0]).toMatchObject({
      framing: 'http',
      messages: 0,
      unfinished: request.length,
    });
  });

  test('is JSON where values are on lines, and lines are the next', () => {
    expect(
      guessFraming(bytesOf('{"a":1}\n{"b":2}\n'))
        .map(({ framing }) => framing)
        .slice(0, 2),
    ).toEqual(['json', 'line']);
  });

  test.each([
    ['line', 'one\ntwo and more\nthree\n'],
    ['line:crlf', 'one\r\ntwo and more\r\nthree\r\n'],
    ['line:cr', 'one\rtwo and more\rthree\r'],
    ['xml', '<?xml version="1.0"?><a><b/></a>\n<?xml version="1.0"?><a/>'],
    ['json:array', '[{"a":1},{"b":2},{"c":3}]'],
    ['netstring', '5:hello,3:abc,'],
    ['stx', '\x02hello\x03\x02world\x03'],
    ['slip', '\xc0hello\xc0\xc0world\xdb\xdc\xc0'],
    ['cobs', '\x06hello\x00\x03ab\x04cde\x00'],
    ['len:4be', `${hex('00000005')}hello${hex('0000000c')}hello, world${hex('00000004')}four`],
    ['len:2le', `${hex('0500')}hello${hex('0c00')}hello, world${hex('0400')}four`],
    ['len:4le:incl', `${hex('09000000')}hello${hex('10000000')}hello, world`],
  ])('is %s for %j', (framing, wire) => {
    expect(guessFraming(bytesOf(wire))[0]).toMatchObject({ framing, malformed: 0, unfinished: 0 });
  });

  test('does not exist for nothing, and for one byte', () => {
    expect(guessFraming(new Uint8Array(0))).toEqual([]);
    expect(guessFraming(Uint8Array.of(0xff))).toEqual([]);
  });

  test('looks at 64 KiB and no further, and says how many messages those give', () => {
    const [best] = guessFraming(bytesOf('hello, world\n'.repeat(10_000)));
    expect(best).toMatchObject({ framing: 'line', messages: 5041, malformed: 0, unfinished: 3 });
  });

  test('never throws, and names framings that give as many messages as it says', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
        for (const { framing, messages, unfinished } of guessFraming(bytes)) {
          const spec = parseFraming(framing);
          if (!spec) throw new Error(framing);
          const { messages: framed } = frameStream(spec, [bytes]);
          expect(framed.filter(({ flags }) => flags === 0 || flags === 4).length).toBeGreaterThanOrEqual(messages - 1);
          expect(unfinished).toBeLessThanOrEqual(bytes.length);
        }
      }),
      cases(30),
    );
  });
});
