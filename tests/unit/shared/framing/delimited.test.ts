import { describe, expect, test } from 'vitest';
import { messagesIn, problemsIn } from '#support/framing.ts';

describe('lines', () => {
  test.each([
    ['line', 'a\nbb\n\nc', ['‹a›\n', '‹bb›\n', '‹›\n', '‹c› incomplete']],
    ['line:keep', 'a\n\nc', ['‹a\n›', '‹\n›', '‹c› incomplete']],
    ['line:crlf', 'a\r\nb\rc\n\r\nd\r\n', ['‹a›\r\n', '‹b\rc\n›\r\n', '‹d›\r\n']],
    ['line:cr', 'a\rb\n\r', ['‹a›\r', '‹b\n›\r']],
    ['delim:616161', 'aaaaXaaa', ['‹›aaa', '‹aX›aaa']],
  ])('%s of %j', (spelling, wire, messages) => {
    expect(messagesIn(spelling, wire)).toEqual(messages);
  });
});

describe('messages of a fixed length', () => {
  test('are split by count alone', () => {
    expect(messagesIn('fixed:3', ['ab', 'cdef', 'g'])).toEqual(['‹abc›', '‹def›', '‹g› incomplete']);
  });
});

describe('STX and ETX', () => {
  test.each([
    ['two frames', '\x02ab\x03\x02c\x03', ['\x02‹ab›\x03', '\x02‹c›\x03']],
    ['an empty frame', '\x02\x03', ['\x02‹›\x03']],
    ['escaped control bytes', '\x02a\x10\x03b\x10\x02\x10\x10\x03', ['\x02‹a\x10\x03b\x10\x02\x10\x10›\x03']],
    ['bytes before a frame', 'xx\x02a\x03', ['‹xx› malformed', '\x02‹a›\x03']],
    ['bytes after a frame, at the end', '\x02a\x03yy', ['\x02‹a›\x03', '‹yy› malformed']],
    ['a frame in a frame', '\x02ab\x02c\x03', ['\x02‹ab› malformed', '\x02‹c›\x03']],
    ['an escape of what needs none', '\x02a\x10bc\x03\x02d\x03', ['\x02‹a\x10bc›\x03 malformed', '\x02‹d›\x03']],
    ['a stream that ends inside', '\x02ab', ['\x02‹ab› incomplete']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('stx', wire)).toEqual(messages);
  });

  test.each([
    ['xx\x02', 'bytes outside a frame'],
    ['\x02ab\x02', 'a frame begins before the previous one has ended'],
    ['\x02\x10A\x03', 'the escape byte precedes 41'],
  ])('%j: says what is wrong', (wire, problem) => {
    expect(problemsIn('stx', wire)).toEqual([problem]);
  });
});

describe('SLIP', () => {
  test.each([
    ['an END after each message', 'a\xc0b\xc0', ['‹a›\xc0', '‹b›\xc0']],
    ['an END before each message too', '\xc0a\xc0\xc0b\xc0', ['\xc0‹a›\xc0', '\xc0‹b›\xc0']],
    ['empty frames', '\xc0\xc0\xc0a\xc0\xc0', ['\xc0\xc0\xc0‹a›\xc0', '‹\xc0› filler']],
    ['escapes', '\xdb\xdca\xdb\xdd\xc0', ['‹\xdb\xdca\xdb\xdd›\xc0']],
    ['a wrong escape', 'a\xdbbc\xc0d\xc0', ['‹a\xdbbc›\xc0 malformed', '‹d›\xc0']],
    ['an escape at the end of a frame', 'a\xdb\xc0d\xc0', ['‹a\xdb›\xc0 malformed', '‹d›\xc0']],
    ['a stream that ends inside', 'ab', ['‹ab› incomplete']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('slip', wire)).toEqual(messages);
  });

  test('many ENDs are filler', () => {
    const [filler, message] = messagesIn('slip', `${'\xc0'.repeat(256)}a\xc0`);
    expect(filler).toBe(`‹${'\xc0'.repeat(255)}› filler`);
    expect(message).toBe('\xc0‹a›\xc0');
  });

  test('says what is wrong with the first frame of a read', () => {
    expect(problemsIn('slip', 'a\xdbb\xc0\xdbc\xc0')).toEqual(['the escape byte db precedes 62']);
    expect(problemsIn('slip', ['a\xdb', '\xc0'])).toEqual(['the escape byte db precedes c0']);
  });
});

describe('COBS', () => {
  test.each([
    ['messages', '\x02a\x02b\0\x01\x01\0', ['‹\x02a\x02b›\0', '‹\x01\x01›\0']],
    ['zeros before a message', '\0\0\x02a\0\0', ['\0\0‹\x02a›\0', '‹\0› filler']],
    ['a code byte that says too much', '\x05a\0\x02b\0', ['‹\x05a›\0 malformed', '‹\x02b›\0']],
    ['a stream that ends inside', '\x05a', ['‹\x05a› incomplete']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('cobs', wire)).toEqual(messages);
  });

  test('says what is wrong', () => {
    expect(problemsIn('cobs', ['\x05', 'a\0'])).toEqual(['the frame ends 3 bytes before its last code byte says']);
  });
});
