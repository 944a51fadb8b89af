import { describe, expect, test } from 'vitest';
import { messagesIn, problemsIn } from '#support/framing.ts';

describe('JSON values', () => {
  test.each([
    ['concatenated', '{"a":1}[2]"three"', ['‹{"a":1}›', '‹[2]›', '‹"three"›']],
    ['one a line', '{"a":"}"}\n{"b":"\\"]"}\r\n', ['‹{"a":"}"}›', '\n‹{"b":"\\"]"}›', '‹\r\n› filler']],
    ['numbers and words', '1 -2.5e3 true null 7', ['‹1›', ' ‹-2.5e3›', ' ‹true›', ' ‹null›', ' ‹7›']],
    ['text sequences', '\x1e{}\n\x1e[]\n', ['\x1e‹{}›', '\n\x1e‹[]›', '‹\n› filler']],
    ['strings that end with backslashes', '"a\\\\""b\\\\\\""["\\\\"]', ['‹"a\\\\"›', '‹"b\\\\\\""›', '‹["\\\\"]›']],
    ['a line that is not JSON', 'GET / HTTP/1.1\r\n{"ok":true}', ['‹GET / HTTP/1.1\r\n› malformed', '‹{"ok":true}›']],
    ['an invalid word', 'trust {}', ['‹trust › malformed', '‹{}›']],
    ['a stream that ends inside', '{"a":', ['‹{"a":› incomplete']],
    ['a stream that ends after a number', '42', ['‹42›']],
    ['a byte order mark', '\xef\xbb\xbf{"a":1}\n\xef\xbb\xbf[2]', ['\xef\xbb\xbf‹{"a":1}›', '\n\xef\xbb\xbf‹[2]›']],
    ['a part of a byte order mark', '\xef\xbb {}', ['\xef\xbb‹ › malformed', '‹{}›']],
    ['a stream that ends inside a byte order mark', '{}\xef\xbb', ['‹{}›', '\xef\xbb‹› malformed']],
    ['a stream that ends inside a word', 'tru', ['‹tru› malformed']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('json', wire)).toEqual(messages);
  });

  test.each([
    ['hello\n', '“h” does not start a JSON value'],
    [';\n', 'the byte 3b does not start a JSON value'],
    ['tru ', '“tru” is not a JSON value'],
  ])('%j: says what is wrong', (wire, problem) => {
    expect(problemsIn('json', wire)).toEqual([problem]);
  });
});

describe('elements of JSON arrays', () => {
  test.each([
    ['one array', '[{"a":[1,2]}, "b,]", 3]', ['[‹{"a":[1,2]}›', ', ‹"b,]"›', ', ‹3›', '‹]› filler']],
    ['arrays one after the other', '[1]\n[]\n[[2]]', ['[‹1›', ']\n[]\n[‹[2]›', '‹]› filler']],
    ['an invalid word', '[1, oops, 2]', ['[‹1›', ', ‹oops› malformed', ', ‹2›', '‹]› filler']],
    ['something that is not an array', '{"a":1}\n[2]', ['‹{"a":1}\n› malformed', '[‹2›', '‹]› filler']],
    ['a stream that ends inside', '[1, {"a"', ['[‹1›', ', ‹{"a"› incomplete']],
  ])('%s', (_name, wire, messages) => {
    expect(messagesIn('json:array', wire)).toEqual(messages);
  });

  test('says what is wrong', () => {
    expect(problemsIn('json:array', '{}\n')).toEqual(['the byte 7b does not start a JSON array']);
    expect(problemsIn('json:array', '[ }, 1]')).toEqual(['the byte 7d does not start a JSON value']);
  });
});
