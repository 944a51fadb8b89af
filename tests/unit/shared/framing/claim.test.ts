import { describe, expect, test } from 'vitest';
import { tooLongText } from '#shared/framing/frame-faults.ts';
import type { LengthClaim } from '#shared/framing/framer.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { describeMessages, readOf, streamFor, wireOf } from '#support/framing.ts';

const maxMessage = 100;
const ff = (count: number) => '\xff'.repeat(count);
const zeros = (count: number) => '\0'.repeat(count);
const http = 'HTTP/1.1 200 OK\r\n';
const fixHead = '8=FIX.4.2\x019=';

describe('a length above the limit on a message', () => {
  test.each([
    ['len:1', '\x64\x01a', ['‹\x64› malformed', '\x01‹a›'], '101'],
    ['len:2be', '\0\x63\0\x01a', ['‹\0\x63› malformed', '\0\x01‹a›'], '101'],
    ['len:4le', `${ff(4)}\x01\0\0\0a`, [`‹${ff(4)}› malformed`, '\x01\0\0\0‹a›'], '4294967299'],
    ['len:8be', ff(8), [`‹${ff(8)}› malformed`], '18446744073709551623'],
    ['len:8be', `\x80${zeros(7)}`, [`‹\x80${zeros(7)}› malformed`], '9223372036854775816'],
    ['len:8le:incl', `${zeros(7)}\x80`, [`‹${zeros(7)}\x80› malformed`], '9223372036854775808'],
    ['len:8be:adj-8', ff(8), [`‹${ff(8)}› malformed`], '18446744073709551615'],
    ['len:1:adj90', '\x0a', ['‹\x0a› malformed'], '101'],
    ['len:varint', '\x64\x01a', ['‹\x64› malformed', '\x01‹a›'], '101'],
    ['len:varint', `${ff(9)}\x01`, [`‹${ff(9)}\x01› malformed`], '18446744073709551625'],
    ['len:1:starta5', '\xa5\xffxy\xa5\x01a', ['‹\xa5\xff› malformed', '‹xy› malformed', '\xa5\x01‹a›'], '257'],
    ['octet', '98 <1>4 <2>a', ['‹98 › malformed', '‹<1>4 › malformed', '‹<2>a›'], '101'],
    ['octet', '98 4 <2>a', ['‹98 › malformed', '4 ‹<2>a›'], '101'],
    ['syslog', '98 <1>x\n<2>a\n', ['‹98 › malformed', '‹<1>x\n› malformed', '‹<2>a›\n'], '101'],
    ['netstring', '97:1:x,1:a,', ['‹97:› malformed', '‹1:x,› malformed', '1:‹a›,'], '101'],
    [
      'stomp',
      'SEND\ncontent-length:101\n\na\0SEND\n\na\0',
      ['‹SEND\ncontent-length:101\n› malformed', '‹\na›\0 malformed', '‹SEND\n\na›\0'],
      '101',
    ],
    ['resp', '$101\r\n+OK\r\n', ['‹$101\r\n› malformed', '‹+OK\r\n›'], '101'],
    ['resp', '*101\r\n+OK\r\n', ['‹*101\r\n› malformed', '‹+OK\r\n›'], '101'],
    ['scpi', '#3101a\nb\n', ['‹#3101a›\n malformed', '‹b›\n'], '101'],
    ['fix', `${fixHead}99\x01x`, [`‹${fixHead}99\x01› malformed`], '121'],
    ['postgres', `Q${zeros(3)}\x64Z${zeros(3)}\x04`, [`‹Q${zeros(3)}\x64› malformed`, `‹Z${zeros(3)}\x04›`], '101'],
  ] as const)('is malformed immediately, and says both: %s of %j', (spelling, wire, messages, claimed) => {
    for (const reads of [[wire], Array.from(wire)]) {
      const stream = streamFor(spelling, { maxMessage }).push(reads.map((text) => readOf(text)));
      expect(describeMessages(stream.messages)).toEqual(messages);
      expect(stream.problems[0]).toBe(
        `a message claims ${claimed} bytes, more than the limit of ${maxMessage} bytes (maxMessage)`,
      );
    }
  });

  test.each([
    ['netstring', '12345678901234567890:a,', '‹12345678901234567890:a,› malformed'],
    ['octet', '12345678901234567890 a', '‹12345678901234567890 a› malformed'],
    ['lsp', 'Content-Length: 12345678901234567890\n', '‹Content-Length: 12345678901234567890\n› malformed'],
    [
      'stomp',
      'SEND\ncontent-length:12345678901234567890\n\0',
      '‹SEND\ncontent-length:12345678901234567890\n›\0 malformed',
    ],
    ['resp', '$12345678901234567890\r\n', '‹$12345678901234567890\r\n› malformed'],
    [
      'http',
      `${http}Content-Length: 12345678901234567890\n\n`,
      `‹${http}Content-Length: 12345678901234567890\n\n› malformed`,
    ],
  ])('above 2^53 - 1 is named as such where it is in digits: %s of %j', (spelling, wire, message) => {
    const stream = streamFor(spelling, { maxMessage })
      .push([readOf(wire)])
      .end();
    expect(describeMessages(stream.messages)).toEqual([message]);
    expect(stream.problems[0]).toBe(
      `a message claims more than 9007199254740991 bytes, more than the limit of ${maxMessage} bytes (maxMessage)`,
    );
  });

  test('does not matter where no body follows: an answer to HEAD', () => {
    const answer = `${http}Content-Length: 101\r\n\r\n`;
    const stream = streamFor('http', { maxMessage });
    stream.stream.sent(readOf('HEAD / HTTP/1.1\r\n\r\n').bytes);
    expect(describeMessages(stream.push([readOf(answer)]).messages)).toEqual([`‹${answer}›`]);
  });

  test.each([
    ['line', `${'a'.repeat(101)}\n`, [`‹${'a'.repeat(100)}› truncated`, '‹a›\n']],
    ['mllp', `\x0b${'a'.repeat(100)}\x1c\r`, [`\x0b‹${'a'.repeat(99)}› truncated`, '‹a›\x1c\r']],
  ])('is what only a length can say: a message of %s comes in pieces', (spelling, wire, messages) => {
    const stream = streamFor(spelling, { maxMessage }).push([readOf(wire)]);
    expect(describeMessages(stream.messages)).toEqual(messages);
    expect(stream.problems).toEqual([]);
  });
});

describe('a body above the limit with a header that is recognisable comes in pieces', () => {
  const body = 'GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n'.repeat(8).slice(0, 250);
  const chunked = `${http}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

  test.each([
    ['http', `${http}Content-Length: 250\r\n\r\n${body}`, `${http}Content-Length: 1\r\n\r\na`],
    ['http', chunked, `${http}Content-Length: 1\r\n\r\na`],
    ['lsp', `Content-Length: 250\r\n\r\n${body}`, 'Content-Length: 1\r\n\r\na'],
  ])('and the next message of %s is found where it ends', (spelling, large, next) => {
    for (const reads of [[large + next], Array.from(large + next), [large.slice(0, 170), large.slice(170) + next]]) {
      const stream = streamFor(spelling, { maxMessage }).push(reads.map((text) => readOf(text)));
      expect(stream.problems).toEqual([]);
      const last = stream.messages.pop();
      expect([last && wireOf(last), last?.flags]).toEqual([next, 0]);
      expect(stream.messages.map(wireOf).join('')).toBe(large);
      const pieces = Math.floor((large.length - 1) / maxMessage);
      expect(stream.messages.map(({ flags }) => flags)).toEqual([...Array(pieces).fill(messageFlags.truncated), 0]);
    }
  });

  test.each([
    ['http', `${http}Content-Length: 250\r\n\r\n`, 250],
    ['lsp', 'Content-Length: 250\r\n\r\n', 250],
  ])('which says how long the body of %s is, once', (spelling, header, size) => {
    const claim = streamFor(spelling, { maxMessage }).push([readOf(header)]).stream.claim;
    expect(tooLongText(maxMessage, claim)).toBe(
      `a body of ${size} bytes is recorded in pieces of at most ${maxMessage} (maxMessage)`,
    );
    expect(tooLongText(maxMessage, undefined)).toBe(
      `a message is longer than the limit of ${maxMessage} bytes (maxMessage): it is recorded in pieces`,
    );
  });
});

describe('how much is missing of a message that says its length is known', () => {
  test.each<[string, string, LengthClaim]>([
    ['len:2be', '\xff\xff\0', { says: 65_535, received: 1, missing: 65_534 }],
    ['len:4be', '\0\0\xff\xff', { says: 65_535, received: 0, missing: 65_535 }],
    ['len:2be:incl', '\0\x08abc', { says: 8, received: 3, missing: 3 }],
    ['len:1:adj2', '\x03abc', { says: 3, received: 3, missing: 2 }],
    ['octet', '5 <1>', { says: 5, received: 3, missing: 2 }],
    ['netstring', '900:abc', { says: 900, received: 3, missing: 898 }],
    ['lsp', 'Content-Length: 2\n\n', { name: 'Content-Length', says: 2, received: 0, missing: 2 }],
    ['postgres', 'Q\0\0\0\x06a', { says: 6, received: 1, missing: 1 }],
    ['stomp', 'SEND\ncontent-length:9\na:12\n\nab', { name: 'content-length', says: 9, received: 2, missing: 8 }],
    ['resp', '$900\r\nabc', { says: 900, received: 3, missing: 899, atLeast: false }],
    ['resp', '$3\r\nabc\r', { says: 3, received: 4, missing: 1, atLeast: false }],
    ['resp', '*3\r\n$3\r\nabc\r\n', { says: 3, unit: 'values', missing: 6, atLeast: true }],
    ['resp', '*3\r\n$9\r\nabc', { says: 9, received: 3, missing: 14, atLeast: true }],
    ['fix', `${fixHead}20\x0135=0\x01`, { name: 'BodyLength', says: 20, received: 5, missing: 22 }],
    ['fix', `${fixHead}5\x0135=0\x0110=`, { name: 'BodyLength', says: 5, received: 8, missing: 4 }],
    ['scpi', 'A #3900ab', { says: 900, received: 2, missing: 899, atLeast: true }],
    [
      'http',
      `${http}Content-Length: 9\r\n\r\nab`,
      { name: 'Content-Length', says: 9, received: 2, missing: 7, atLeast: false },
    ],
    [
      'http',
      `${http}Transfer-Encoding: chunked\r\n\r\na\r\nab`,
      { name: 'chunk size', says: 10, received: 2, missing: 8, atLeast: true },
    ],
    ['fixed:8', 'abc', { received: 3, missing: 5 }],
    ['start:24:fixed:8', '$abc', { received: 3, missing: 5 }],
  ])('%s of %j', (spelling, wire, claim) => {
    expect(streamFor(spelling).push(Array.from(wire, (byte) => readOf(byte))).stream.claim).toEqual(claim);
  });

  test.each(['raw', 'line', 'stx', 'slip', 'cobs', 'mllp', 'json', 'xml', 'xmpp'])(
    'and %s has no length',
    (spelling) => {
      expect(streamFor(spelling).push([readOf('<a')]).stream.claim).toBeUndefined();
    },
  );
});
