import { describe, expect, test } from 'vitest';
import { noLimit } from '#shared/framing/framer.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { createFramer, frameAround, parseFraming } from '#shared/framing/spec.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messagesIn, problemsIn } from '#support/framing.ts';

const zeros = new Uint8Array(2 ** 26);

describe('messages after their length', () => {
  test.each([
    ['len:1', '\x02ab\0\x01c', ['\x02‹ab›', '\0‹›', '\x01‹c›']],
    ['len:2be', '\0\x02ab', ['\0\x02‹ab›']],
    ['len:2le:incl', '\x04\0ab\x02\0', ['\x04\0‹ab›', '\x02\0‹›']],
    ['len:4be:at2', 'XY\0\0\0\x01a', ['XY\0\0\0\x01‹a›']],
    ['len:8le', '\x01\0\0\0\0\0\0\0a', ['\x01\0\0\0\0\0\0\0‹a›']],
    ['len:varint', `\x81\x00a\x80\x01${'b'.repeat(128)}`, ['\x81\x00‹a›', `\x80\x01‹${'b'.repeat(128)}›`]],
    ['len:3le:adj1', '\x02\0\0\0ab\0\0\0\x01', ['\x02\0\0‹\0ab›', '\0\0\0‹\x01›']],
    ['len:4be:at1:adj-4', 'Q\0\0\0\x06abS\0\0\0\x04', ['Q\0\0\0\x06‹ab›', 'S\0\0\0\x04‹›']],
    ['len:1:at1:adj1:tail1', 'x\x02ab\xcey\0\xce', ['x\x02‹ab›\xce', 'y\0‹›\xce']],
    ['len:2le:incl:adj2:tail2', '\x04\0abXY', ['\x04\0‹ab›XY']],
    ['len:1:starta55a', '\xa5\x5a\x01a\xa5\x5a\0', ['\xa5\x5a\x01‹a›', '\xa5\x5a\0‹›']],
    ['len:1:at3:start24', '$xy\x01a', ['$xy\x01‹a›']],
    ['len:1:first4142', 'AB\x01a\x02AB', ['‹AB›', '\x01‹a›', '\x02‹AB›']],
    ['len:1:first4142', '\x01a', ['\x01‹a›']],
    ['len:7be', '\0\0\0\0\0\0\x01a', ['\0\0\0\0\0\0\x01‹a›']],
    ['len:5le', '\x01\0\0\0\0a', ['\x01\0\0\0\0‹a›']],
    ['len:4be', '\0\0', ['\0\0‹› incomplete']],
    ['len:4be', '\0\0\0\x05ab', ['\0\0\0\x05‹ab› incomplete']],
  ])('%s of %j', (spelling, wire, messages) => {
    expect(messagesIn(spelling, wire)).toEqual(messages);
  });

  test.each([
    ['len:2be:incl', '\0\x01\0\x03a', ['‹\0\x01› malformed', '\0\x03‹a›']],
    ['len:8be', '\x00\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\x01a', ['‹\0\x20\0\0\0\0\0\0› malformed', '\0\0\0\0\0\0\0\x01‹a›']],
    ['len:varint', `${'\xff'.repeat(10)}\x01a`, [`‹${'\xff'.repeat(10)}› malformed`, '\x01‹a›']],
    ['len:varint', `${'\xff'.repeat(8)}\x01\x01a`, [`‹${'\xff'.repeat(8)}\x01› malformed`, '\x01‹a›']],
    ['len:1:adj-2', '\x01\x03a', ['‹\x01› malformed', '\x03‹a›']],
    ['len:1:tail2', '\x01\x03abc', ['‹\x01› malformed', '\x03‹a›bc']],
    ['len:1:incl:starta5', '\xa5\0\xa5\x02', ['‹\xa5\0› malformed', '\xa5\x02‹›']],
    ['len:1:first4142', 'AC\x01a', ['‹A› malformed', `C‹\x01a${''}› incomplete`]],
  ])('%s: a length that cannot be is dropped, and the next byte tried: %j', (spelling, wire, messages) => {
    expect(messagesIn(spelling, wire)).toEqual(messages);
  });

  test.each([
    ['xx\xa5\x5a\x01a', ['‹xx› malformed', '\xa5\x5a\x01‹a›']],
    ['\xa5x\xa5\x5a\x01a', ['‹\xa5x› malformed', '\xa5\x5a\x01‹a›']],
    ['\xa5\xa5\x5a\x01a', ['‹\xa5› malformed', '\xa5\x5a\x01‹a›']],
    ['\xa5\x5a\x01axyz', ['\xa5\x5a\x01‹a›', '‹xyz› malformed']],
  ])('len:1:starta55a of %j: looks for the start bytes after others', (wire, messages) => {
    expect(messagesIn('len:1:starta55a', wire)).toEqual(messages);
    expect(messagesIn('len:1:starta55a', Array.from(wire))).toEqual(messages);
    expect(problemsIn('len:1:starta55a', wire)[0]).toBe('bytes that do not begin with a55a');
  });

  test.each([
    ['len:1:adj-2', '\x01', 'the length 1 is less than the 2 bytes that it must count'],
    ['len:1:tail2', '\x01', 'the length 1 is less than the 2 bytes that it must count'],
    ['len:1:first4142', 'AC', 'the first bytes are not those of a stream'],
    ['len:2be:at1:incl', 'x\0\x02', 'the length 2 is less than its header of 3 bytes'],
    [
      'len:8be',
      '\xff'.repeat(8),
      'a message claims 18446744073709551623 bytes, more than the limit of 1048576 bytes (maxMessage)',
    ],
    [
      'len:8le',
      `${'\0'.repeat(7)}\x01`,
      'a message claims 72057594037927944 bytes, more than the limit of 1048576 bytes (maxMessage)',
    ],
    [
      'len:varint',
      `${'\xff'.repeat(8)}\x01`,
      'a message claims 144115188075855880 bytes, more than the limit of 1048576 bytes (maxMessage)',
    ],
    ['len:varint', '\xff'.repeat(10), 'the length does not end within the 10 bytes of a varint'],
  ])('%s of %j: says which length is wrong', (spelling, wire, problem) => {
    expect(problemsIn(spelling, wire)).toEqual([problem]);
  });

  test.each([
    ['len:4be', 0xff_ff_ff_00],
    ['len:4le:incl', 0x01_02_03_04],
    ['len:3le:adj1', 0xff_ff_00],
    ['len:5be:incl', 2 ** 39 + 11],
    ['len:7le:adj-7', 2 ** 46 + 3],
    ['len:6be:starta55a', 2 ** 40 + 3],
    ['len:8be', 2 ** 46 + 2 ** 33 + 5],
    ['len:8le:at3', 2 ** 40 + 12_345],
    ['len:varint', 2 ** 45 + 7],
    ['len:varint:incl', 2 ** 28 - 3],
  ])('%s: the header that is made for %i bytes says that many when it is read', (spelling, size) => {
    const spec = parseFraming(spelling);
    if (!spec) throw new Error(spelling);
    const frame = frameAround(spec, size);
    if (isUnframeable(frame)) throw new Error(frame.problem);
    const framer = createFramer(spec, noLimit);
    const boundaries = new Boundaries();
    framer.push(frame.head, boundaries, 0);
    // The framer looks at no byte of the body, so that the same zeros can stand for all of them.
    let left = size;
    for (; left > zeros.length; left -= zeros.length) framer.push(zeros, boundaries, 0);
    framer.push(zeros.subarray(0, left - 1), boundaries, 0);
    expect([boundaries.count, framer.pendingHead]).toEqual([0, frame.head.length]);
    framer.push(zeros.subarray(0, 1), boundaries, 0);
    expect([boundaries.count, boundaries.ends[0], boundaries.heads[0]]).toEqual([1, 1, frame.head.length]);
  });
});
