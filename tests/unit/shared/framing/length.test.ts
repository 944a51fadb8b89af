import { describe, expect, test } from 'vitest';
import { Cuts } from '#shared/framing/cuts.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { createFramer, frameAround } from '#shared/framing/list.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { messagesIn, problemsIn, readOf, streamFor } from '#support/framing.ts';

const zeros = new Uint8Array(2 ** 26);

describe('messages behind their length', () => {
  test.each([
    ['len:1', '\x02ab\0\x01c', ['\x02‹ab›', '\0‹›', '\x01‹c›']],
    ['len:2be', '\0\x02ab', ['\0\x02‹ab›']],
    ['len:2le:incl', '\x04\0ab\x02\0', ['\x04\0‹ab›', '\x02\0‹›']],
    ['len:4be:at2', 'XY\0\0\0\x01a', ['XY\0\0\0\x01‹a›']],
    ['len:8le', '\x01\0\0\0\0\0\0\0a', ['\x01\0\0\0\0\0\0\0‹a›']],
    ['len:varint', `\x81\x00a\x80\x01${'b'.repeat(128)}`, ['\x81\x00‹a›', `\x80\x01‹${'b'.repeat(128)}›`]],
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
  ])('%s: a length that cannot be is dropped, and the next byte tried: %j', (spelling, wire, messages) => {
    expect(messagesIn(spelling, wire)).toEqual(messages);
  });

  test.each([
    ['len:2be:at1:incl', 'x\0\x02', 'the length 2 is less than its own header of 3 bytes'],
    ['len:8be', '\xff'.repeat(8), 'the length 18446744073709551615 is beyond 9007199254740991'],
    ['len:8le', `${'\0'.repeat(7)}\x01`, 'the length 72057594037927936 is beyond 9007199254740991'],
    ['len:varint', `${'\xff'.repeat(8)}\x01`, 'the length 144115188075855871 is beyond 9007199254740991'],
    ['len:varint', '\xff'.repeat(10), 'the length does not end within the 10 bytes of a varint'],
  ])('%s of %j: says which length is wrong', (spelling, wire, problem) => {
    expect(problemsIn(spelling, wire)).toEqual([problem]);
  });

  test('a length above the cap is no wrong frame: the message is cut there and goes on', () => {
    const stream = streamFor('len:4be', { maxMessage: 8 })
      .push([readOf('\0\0\0\x08abcdefgh\0\0\0\x01z')])
      .end();
    expect(stream.problems).toEqual([]);
    expect(stream.cuts.map((cut) => [cut.head + cut.body, cut.flags])).toEqual([
      ['\0\0\0\x08abcd', 1],
      ['efgh', 0],
      ['\0\0\0\x01z', 0],
    ]);
  });

  test.each([
    ['len:4be', 0xff_ff_ff_00],
    ['len:4le:incl', 0x01_02_03_04],
    ['len:8be', 2 ** 46 + 2 ** 33 + 5],
    ['len:8le:at3', 2 ** 40 + 12_345],
    ['len:varint', 2 ** 45 + 7],
    ['len:varint:incl', 2 ** 28 - 3],
  ])('%s: the header that is made for %i bytes says that many when it is read', (spelling, size) => {
    const spec = parseFraming(spelling);
    if (!spec) throw new Error(spelling);
    const frame = frameAround(spec, size);
    if (isUnframeable(frame)) throw new Error(frame.problem);
    const framer = createFramer(spec);
    const cuts = new Cuts();
    framer.push(frame.head, cuts, 0);
    // The framer looks at no byte of the body, so that the same zeros can stand for all of them.
    let left = size;
    for (; left > zeros.length; left -= zeros.length) framer.push(zeros, cuts, 0);
    framer.push(zeros.subarray(0, left - 1), cuts, 0);
    expect([cuts.count, framer.pendingHead]).toEqual([0, frame.head.length]);
    framer.push(zeros.subarray(0, 1), cuts, 0);
    expect([cuts.count, cuts.ends[0], cuts.heads[0]]).toEqual([1, 1, frame.head.length]);
  });
});
