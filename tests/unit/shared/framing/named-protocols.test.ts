import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessFraming } from '#shared/framing/guess.ts';
import { protocols } from '#shared/framing/protocols.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { cases } from '#support/cases.ts';
import { recordedConversation } from '#support/conversations.ts';
import { cutStream } from '#support/framing.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex').toString('latin1');
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Messages as the specification of each protocol has them, one by one, where no conversation is recorded. */
const specified: Readonly<Record<string, readonly string[]>> = {
  // Protocol header; Connection.Tune-Ok, Connection.Open, Channel.Open, a heartbeat.
  amqp: [
    `AMQP${hex('00000901')}`,
    hex('01 0000 0000000c 000a001f ffff 00020000 003c ce'),
    hex('01 0000 00000008 000a0028 01 2f 00 00 ce'),
    hex('01 0001 00000005 0014000a 00 ce'),
    hex('08 0000 00000000 ce'),
  ],
  // OPEN, two KEEPALIVEs.
  bgp: [
    hex(`${'ff'.repeat(16)} 001d 01 04 fde8 00b4 0a000001 00`),
    hex(`${'ff'.repeat(16)} 0013 04`),
    hex(`${'ff'.repeat(16)} 0013 04`),
  ],
  // STARTUP with CQL_VERSION, QUERY.
  cassandra: [
    hex('04 00 0000 01 00000016 0001 000b 43514c5f56455253494f4e 0005 332e302e30'),
    `${hex('04 00 0001 07 00000012 0000000b')}USE keyspac${hex('0001 00')}`,
  ],
  dap: ['Content-Length: 27\r\n\r\n{"seq":1,"type":"request"}\n', 'Content-Length: 2\r\n\r\n{}'],
  // Device-Watchdog-Request and its answer.
  diameter: [
    hex(
      '01 000030 80 000118 00000000 00000001 00000002 00000108 4000000b 6c616200 00000128 4000000b 6c616200 00000000',
    ).slice(0, 48),
    hex('01 000014 00 000118 00000000 00000001 00000002'),
  ],
  fix: ['8=FIX.4.2\x019=5\x0135=0\x0110=161\x01', '8=FIX.4.2\x019=5\x0135=0\x0110=161\x01'],
  irc: ['NICK ada\r\n', 'USER ada 0 * :Ada\r\n', 'JOIN #lab\r\n'],
  jsonl: ['{"id":1}\n', '{"id":2,"name":"Ada"}\n'],
  // ApiVersions, version 0, and Metadata, version 1.
  kafka: [hex('0000000d 0012 0000 00000001 0003 616461'), hex('00000011 0003 0001 00000002 0003 616461 00000000')],
  // hello as OP_QUERY, isMaster as OP_MSG.
  mongodb: [
    hex(
      '3a000000 01000000 00000000 d4070000 00000000 61646d696e2e24636d6400 00000000 ffffffff 13000000 1069736d617374657200 01000000 00',
    ),
    hex('24000000 02000000 00000000 dd070000 00000000 00 0f000000 1070696e6700 01000000 00'),
  ],
  nmea: ['$GPGLL,4916.45,N,12311.12,W,225444,A,*1D\r\n', '!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D\r\n'],
  // Hello, features request.
  openflow: [hex('04 00 0010 00000001 0001 0008 00000010'), hex('04 05 0008 00000002')],
  // COTP connection request and confirm.
  s7: [hex('03 00 0016 11e00000000100c0010ac1020100c2020102'), hex('03 00 0016 11d00001000100c0010ac1020100c2020102')],
  scpi: ['*IDN?\n', 'CURV #216\x00\n\x01\n\x02\n\x03\n\x04\n\x05\n\x06\n\x07\n;*OPC?\n', 'VOLT 1.5\n'],
  stomp: ['CONNECT\naccept-version:1.2\nhost:lab\n\n\0', 'SEND\ndestination:/a\ncontent-length:3\n\na\0b\0'],
};

const recorded = [
  'dns',
  'hl7',
  'http',
  'http2',
  'lsp',
  'modbus',
  'mqtt',
  'mysql',
  'postgres',
  'redis',
  'smtp',
  'syslog',
  'tls',
  'xmpp',
];

describe('the protocols that have a name', () => {
  test('each have a conversation, recorded or as the specification has it', () => {
    expect([...recorded, ...Object.keys(specified)].sort()).toEqual(protocols.map(({ name }) => name));
    for (const name of recorded) expect(recordedConversation(name).client.length).toBeGreaterThan(0);
  });

  test.each(Object.entries(specified))('%s: the messages of the specification are told apart', (name, messages) => {
    const spec = parseFraming(name);
    if (!spec) throw new Error(name);
    const { cuts, problems } = cutStream(spec, [bytesOf(messages.join(''))]);
    expect(problems).toEqual([]);
    expect(cuts.map(({ head, body, tail }) => head + body + tail)).toEqual(messages);
    expect(cuts.every(({ flags }) => flags === 0)).toBe(true);
  });

  test.each(Object.entries(specified))('%s: is guessed', (name, messages) => {
    const guesses = guessFraming(bytesOf(messages.join('')));
    const spec = parseFraming(name);
    const named = guesses.find(({ framing }) => framing === (spec && formatFraming(spec)));
    expect(named).toMatchObject({ messages: messages.length, malformed: 0, unfinished: 0 });
    expect(named?.protocols).toContain(name);
    // A JSON value a line can be told from JSON values by nothing but the line ends.
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

  test('is JSON where values stand on lines, and lines are the next', () => {
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

  test('is none for nothing, and for one byte', () => {
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
          const { cuts } = cutStream(spec, [bytes]);
          expect(cuts.filter(({ flags }) => flags === 0 || flags === 4).length).toBeGreaterThanOrEqual(messages - 1);
          expect(unfinished).toBeLessThanOrEqual(bytes.length);
        }
      }),
      cases(30),
    );
  });
});
