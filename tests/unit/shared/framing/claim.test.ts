import { describe, expect, test } from 'vitest';
import { describeCuts, readOf, streamFor } from '#support/framing.ts';

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
    ['octet', '98 <1>4 <2>a', ['‹98 › malformed', '‹<› malformed', '‹1>› malformed', '4 ‹<2>a›'], '101'],
    ['octet', '98 4 <2>a', ['‹98 › malformed', '4 ‹<2>a›'], '101'],
    ['netstring', '97:1:x,1:a,', ['‹97:› malformed', '‹1:x,› malformed', '1:‹a›,'], '101'],
    [
      'lsp',
      'Content-Length: 99\n\nContent-Length: 1\n\na',
      ['‹Content-Length: 99\n\n› malformed', 'Content-Length: 1\n\n‹a›'],
      '119',
    ],
    [
      'http',
      `${http}Content-Length: 101\r\n\r\na\n${http}Content-Length: 1\r\n\r\na`,
      [`‹${http}Content-Length: 101\r\n\r\n› malformed`, '‹a\n› malformed', `‹${http}Content-Length: 1\r\n\r\na›`],
      '101',
    ],
    [
      'http',
      `${http}Transfer-Encoding: chunked\r\n\r\n65\r\n`,
      [`‹${http}Transfer-Encoding: chunked\r\n\r\n65\r\n› malformed`],
      '101',
    ],
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
  ] as const)('is malformed at once, and says both: %s of %j', (spelling, wire, messages, claimed) => {
    for (const reads of [[wire], Array.from(wire)]) {
      const stream = streamFor(spelling, { maxMessage }).push(reads.map((text) => readOf(text)));
      expect(describeCuts(stream.cuts)).toEqual(messages);
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
    expect(describeCuts(stream.cuts)).toEqual([message]);
    expect(stream.problems[0]).toBe(
      `a message claims more than 9007199254740991 bytes, more than the limit of ${maxMessage} bytes (maxMessage)`,
    );
  });

  test('does not matter where no body follows: an answer to HEAD', () => {
    const answer = `${http}Content-Length: 101\r\n\r\n`;
    const stream = streamFor('http', { maxMessage });
    stream.stream.sent(readOf('HEAD / HTTP/1.1\r\n\r\n').bytes);
    expect(describeCuts(stream.push([readOf(answer)]).cuts)).toEqual([`‹${answer}›`]);
  });

  test.each([
    ['line', `${'a'.repeat(101)}\n`, [`‹${'a'.repeat(100)}› cutByLimit`, '‹a›\n']],
    ['mllp', `\x0b${'a'.repeat(100)}\x1c\r`, [`\x0b‹${'a'.repeat(99)}› cutByLimit`, '‹a›\x1c\r']],
  ])('is what only a length can say: a message of %s comes in pieces', (spelling, wire, messages) => {
    const stream = streamFor(spelling, { maxMessage }).push([readOf(wire)]);
    expect(describeCuts(stream.cuts)).toEqual(messages);
    expect(stream.problems).toEqual([]);
  });
});

test('how much is missing of a message that says its length is known', () => {
  for (const [spelling, wire] of [
    ['octet', '5 <1>'],
    ['netstring', '2:a'],
    ['lsp', 'Content-Length: 2\n\n'],
    ['postgres', 'Q\0\0\0\x06'],
  ] as const) {
    expect(streamFor(spelling).push([readOf(wire)]).stream.missing).toBe(2);
  }
});
