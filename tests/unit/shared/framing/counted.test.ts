import { describe, expect, test } from 'vitest';
import { messagesIn, problemsIn } from '#support/framing.ts';

/** The messages, which are the same whether the bytes arrive in one read or one by one. */
function expectMessages(spelling: string, wire: string, messages: readonly string[]): void {
  expect(messagesIn(spelling, wire)).toEqual(messages);
  expect(messagesIn(spelling, Array.from(wire))).toEqual(messages);
}

describe('octet counting', () => {
  test.each([
    ['5 <1>ab3 <2>', ['5 ‹<1>ab›', '3 ‹<2>›']],
    ['3 a\nb', ['3 ‹a\nb›']],
    ['10 abc', ['10 ‹abc› incomplete']],
    ['12', ['12‹› incomplete']],
  ])('of %j', (wire, messages) => expectMessages('octet', wire, messages));

  test.each([
    // The first message is two bytes longer than its length says.
    ['3 <1>xy4 <2>a', ['3 ‹<1>›', '‹xy4 › malformed', '‹<2>a›']],
    // Numbers in the lost bytes are not lengths: no “<” follows them.
    ['-7 of 9 4 <2>a', ['‹-7 of 9 4 › malformed', '‹<2>a›']],
    ['03 abc', ['‹03 abc› malformed']],
    ['12345678901 a', ['‹12345678901 › malformed', '‹a› malformed']],
  ])('continues at the next length that a message follows: %j', (wire, messages) => {
    expectMessages('octet', wire, messages);
  });

  test('says what is wrong', () => {
    expect(problemsIn('octet', 'x')).toEqual(['the byte 78 does not begin a length']);
    expect(problemsIn('octet', '1x')).toEqual(['the byte 78 is invalid in a length']);
    expect(problemsIn('octet', 'x1 a')).toContain('the byte 78 does not begin a length');
  });
});

describe('syslog', () => {
  test.each([
    ['<13>one\n5 <1>ab<14>two\r\n3 <2>', ['‹<13>one›\n', '5 ‹<1>ab›', '‹<14>two›\r\n', '3 ‹<2>›']],
    ['6 <1>a\nb<2>c\n', ['6 ‹<1>a\nb›', '‹<2>c›\n']],
    ['<13>no end', ['‹<13>no end› incomplete']],
    ['10 <1>abc', ['10 ‹<1>abc› incomplete']],
  ])('of %j is counted or in lines, message by message', (wire, messages) => expectMessages('syslog', wire, messages));

  test.each([
    // Nothing in a wrong line is taken for a length, nor at the start of the next one.
    [
      'Nov 30 08:24:38 lab 12 items\n2024 was a year\n<13>a\n',
      ['‹Nov 30 08:24:38 lab 12 items\n› malformed', '‹2024 was a year\n› malformed', '‹<13>a›\n'],
      'the byte 4e does not begin a message',
    ],
    ['x\n5 <1>ab', ['‹x\n› malformed', '5 ‹<1>ab›'], 'the byte 78 does not begin a message'],
    [
      '5 <1>ab, 12 items 4 <2>x<3>y\n',
      ['5 ‹<1>ab›', '‹, 12 items 4 › malformed', '‹<2>x›', '‹<3>y›\n'],
      'the byte 2c does not begin a message',
    ],
    ['5: a\n<1>b\n', ['‹5: a\n› malformed', '‹<1>b›\n'], 'the byte 3a is invalid in a length'],
  ])('continues at the next message: %j', (wire, messages, problem) => {
    expectMessages('syslog', wire, messages);
    expect(problemsIn('syslog', wire)[0]).toBe(problem);
  });
});

describe('netstrings', () => {
  test.each([
    ['5:hello,0:,3:a,b,', ['5:‹hello›,', '0:‹›,', '3:‹a,b›,']],
    ['5:he', ['5:‹he› incomplete']],
    ['5:hello', ['5:‹hello› incomplete']],
  ])('of %j', (wire, messages) => expectMessages('netstring', wire, messages));

  test.each([
    ['2:abc,1:x,', ['‹2:abc,› malformed', '1:‹x›,'], 'no “,” follows the 2 bytes of a message'],
    ['02:ab,1:x,', ['‹02:ab,› malformed', '1:‹x›,'], 'the byte 32 is invalid in a length'],
    [':,1:x,', ['‹:,› malformed', '1:‹x›,'], 'the byte 3a does not begin a length'],
    [
      '99999999999:',
      ['‹99999999999:› malformed'],
      'a message claims 100000000012 bytes, more than the limit of 1048576 bytes (maxMessage)',
    ],
  ])('continues after the next comma: %j', (wire, messages, problem) => {
    expectMessages('netstring', wire, messages);
    expect(problemsIn('netstring', wire)).toEqual([problem]);
  });
});

describe('a Content-Length header', () => {
  test.each([
    ['Content-Length: 2\r\n\r\n{}', ['Content-Length: 2\r\n\r\n‹{}›']],
    [
      'content-type: a\r\nCONTENT-LENGTH:1\r\n\r\nxContent-Length: 0\n\n',
      ['content-type: a\r\nCONTENT-LENGTH:1\r\n\r\n‹x›', 'Content-Length: 0\n\n‹›'],
    ],
    ['Content-Length: 5\r\n\r\nab', ['Content-Length: 5\r\n\r\n‹ab› incomplete']],
  ])('of %j', (wire, messages) => expectMessages('lsp', wire, messages));

  test.each([
    ['Content-Length: x\r\n\r\n', 'the Content-Length is not a number'],
    ['Content-Length: \r\n\r\n', 'the Content-Length is not a number'],
    ['Content-Length: 1\r\nContent-Length: 2\r\n\r\n', 'two Content-Lengths contradict each other'],
    ['a: b\r\n\r\n', 'a header has no Content-Length'],
    ['hello\r\n', 'a header line is not a field'],
    ['a: b\rc', 'a header contains a bare CR'],
    [`a: ${'b'.repeat(300)}`, 'a header is longer than 255 bytes'],
  ])('is wrong: %j', (wire, problem) => {
    expect(problemsIn('lsp', wire)[0]).toBe(problem);
  });

  test('continues at the next C that begins such a field', () => {
    expectMessages('lsp', 'Can be\nContent-Length: 1\r\n\r\nx', [
      '‹Can be\n› malformed',
      'Content-Length: 1\r\n\r\n‹x›',
    ]);
    expectMessages('lsp', 'log Cat: 1Content-Length: 1\r\n\r\nx', [
      '‹log › malformed',
      '‹Cat: 1› malformed',
      'Content-Length: 1\r\n\r\n‹x›',
    ]);
  });
});

describe('start bytes', () => {
  test.each([
    ['start:aa55:fixed:2', '\xaa\x55ab\xaa\x55\xaa\x55', ['\xaa\x55‹ab›', '\xaa\x55‹\xaa\x55›']],
    ['start:aa55:fixed:2', 'x\xaa\xaa\x55ab', ['‹x› malformed', '‹\xaa› malformed', '\xaa\x55‹ab›']],
    ['start:aa55:fixed:2', '\xaa\x55abx', ['\xaa\x55‹ab›', '‹x› malformed']],
    ['start:24:delim:0d0a', '$GP\r\n$\r\r\n', ['$‹GP›\r\n', '$‹\r›\r\n']],
    ['start:24:delim:0d0a', '$GP\r\nlog\r\n$a\r\n', ['$‹GP›\r\n', '‹log\r\n› malformed', '$‹a›\r\n']],
    ['start:24:delim:0d0a', '$GP\r', ['$‹GP\r› incomplete']],
  ])('%s of %j', (spelling, wire, messages) => expectMessages(spelling, wire, messages));
});

describe('SLIP with different codes', () => {
  test('ends messages with them', () => {
    expectMessages('slip:7e:7d:5e:5d', '\x7ea\x7d\x5eb\x7e\x7d\x5d\x7e', ['\x7e‹a\x7d\x5eb›\x7e', '‹\x7d\x5d›\x7e']);
    expect(problemsIn('slip:7e:7d:5e:5d', '\x7d\x00\x7e')).toEqual(['the escape byte 7d precedes 00']);
  });
});
