import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ByteReader,
  type CapturedPacket,
  type CaptureEnd,
  captureKind,
  readPcap,
} from '#shared/pcap/reading/capture-file.ts';
import { readPcapng } from '#shared/pcap/reading/pcapng.ts';
import {
  block,
  type FileOptions,
  type Frame,
  option,
  pcap,
  pcapng,
  startAt,
  uint16s,
  uint32s,
} from '#support/captures.ts';
import { cases } from '#support/cases.ts';

interface Read {
  readonly packets: (Omit<CapturedPacket, 'data'> & { readonly data: string })[];
  readonly end: CaptureEnd;
}

/** Reads `file` in pieces of any size, as a pipe may give them. */
function read(file: Buffer, pieceBytes = 7_919): Read {
  let at = 0;
  const reader = new ByteReader((into) => {
    const count = file.copy(into, 0, at, Math.min(at + pieceBytes, at + into.length));
    at += count;
    return count;
  });
  const packets: Read['packets'] = [];
  const reading = captureKind(file) === 'pcapng' ? readPcapng(reader) : readPcap(reader);
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done) return { packets, end: step.value };
    packets.push({ ...step.value, data: Buffer.from(step.value.data).toString('latin1') });
  }
}

/** The length of the section header that `pcapng` writes: a file of it alone is whole. */
const pcapngSection = 28;

const whole = { truncated: '', damaged: 0, dropped: 0, untimed: 0 };
const some: Frame[] = ['first', 'second packet', ''].map((text, index) => ({
  at: startAt + index * 1_500.25,
  bytes: Buffer.from(text),
}));

describe.each<[string, (frames: readonly Frame[], options?: FileOptions) => Buffer]>([
  ['pcap', pcap],
  ['pcapng', pcapng],
])('a %s file', (kind, make) => {
  it.each([
    ['little', 'micro'],
    ['little', 'nano'],
    ['big', 'micro'],
    ['big', 'nano'],
  ])('is read with %s-endian numbers and times in %sseconds', (order, unit) => {
    const file = make(some, { little: order === 'little', nanoseconds: unit === 'nano', linkType: 113 });
    expect(captureKind(file)).toBe(kind);
    const { packets, end } = read(file);
    expect(packets.map(({ data }) => data)).toEqual(['first', 'second packet', '']);
    expect(packets.map(({ linkType }) => linkType)).toEqual([113, 113, 113]);
    for (const [index, { at }] of packets.entries()) expect(at).toBeCloseTo(startAt + index * 1_500.25, 3);
    expect(end).toEqual(whole);
  });

  it('gives how long a packet was that the capture has truncated', () => {
    const [packet] = read(make([{ at: startAt, bytes: Buffer.from('0123456789'), captured: 4 }])).packets;
    expect(packet).toMatchObject({ data: '0123', originalLength: 10 });
  });

  it('gives the packets before the place where it is truncated, and reports that place', () => {
    const file = make(some);
    // A capture is whole behind its start and behind each packet.
    const ends = new Set(Array.from({ length: 4 }, (_, count) => make(some.slice(0, count)).length));
    if (kind === 'pcapng') ends.add(pcapngSection);
    for (let length = 4; length <= file.length; length += 1) {
      const { packets, end } = read(file.subarray(0, length));
      const texts = packets.map(({ data }) => data);
      expect(texts).toEqual(some.slice(0, texts.length).map(({ bytes }) => String(bytes)));
      expect([length, end.truncated === '']).toEqual([length, ends.has(length)]);
    }
  });

  it('takes any bytes', () => {
    const file = make(some);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }), fc.nat(50), (changes, piece) => {
        const changed = Buffer.from(file);
        for (const [at, value] of changes) changed[4 + (at % (changed.length - 4))] = value;
        expect(read(changed, piece + 1).packets.length).toBeLessThanOrEqual(changed.length / 12);
      }),
      cases(200),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
        read(Buffer.concat([file.subarray(0, 4), rest]));
      }),
    );
  });
});

describe('a pcapng file', () => {
  const section = block(0x0a0d0d0a, [uint32s([0x1a2b3c4d]), uint16s([1, 0]), Buffer.alloc(8, 0xff)]);
  const on = (linkType: number, ...options: Buffer[]) => block(1, [uint16s([linkType, 0]), uint32s([0]), ...options]);
  const packet = (on: number, text: string, ticks = 5_000_000) =>
    block(6, [uint32s([on, 0, ticks, text.length, text.length]), Buffer.from(text)]);

  it('may have several sections, each with its byte order and its interfaces', () => {
    const little = pcapng([{ at: startAt, bytes: Buffer.from('one') }], { writer: 'one', linkType: 1 });
    const big = pcapng([{ at: startAt, bytes: Buffer.from('two') }], { writer: 'two', linkType: 101, little: false });
    const { packets, end } = read(Buffer.concat([little, big, little]));
    expect(packets.map(({ data, linkType, writer }) => [data, linkType, writer])).toEqual([
      ['one', 1, 'one'],
      ['two', 101, 'two'],
      ['one', 1, 'one'],
    ]);
    expect(end).toEqual(whole);
  });

  it('may have several interfaces, each with its kind of packet, its name and its clock', () => {
    const seconds = option(9, Buffer.of(0));
    const halves = option(9, Buffer.of(0x81));
    const later = option(14, Buffer.from('0a00000000000000', 'hex'));
    const file = Buffer.concat([
      ...[section, on(1), on(101, ...option(2, 'any'), ...seconds), on(276, ...halves, ...later)],
      ...[packet(2, 'half', 3), packet(0, 'micro'), packet(1, 'whole', 7)],
    ]);
    expect(
      read(file).packets.map(({ data, linkType, at, interfaceName }) => [data, linkType, at, interfaceName]),
    ).toEqual([
      ['half', 276, 11_500, ''],
      ['micro', 1, 5_000, ''],
      ['whole', 101, 7_000, 'any'],
    ]);
  });

  it('may have simple and obsolete packet blocks, and blocks that nobody knows', () => {
    const file = Buffer.concat([
      ...[section, block(1, [uint16s([1, 0]), uint32s([6])]), block(0xbad, [Buffer.alloc(50)])],
      block(2, [uint16s([0, 0]), uint32s([0, 9_000_000, 3, 3]), Buffer.from('old')]),
      block(3, [uint32s([9]), Buffer.from('simple')]),
    ]);
    const { packets, end } = read(file);
    expect(packets.map(({ data, at, originalLength }) => [data, at, originalLength])).toEqual([
      ['old', 9_000, 3],
      ['simple', 9_000, 9],
    ]);
    expect(end).toEqual({ ...whole, untimed: 1 });
  });

  it('gives comments, and how many packets the system dropped', () => {
    const comments = [...option(1, 'first'), ...option(1, 'second\0')];
    const file = Buffer.concat([
      ...[section, on(1), block(6, [uint32s([0, 0, 1, 1, 1]), Buffer.from('x\0\0\0'), ...comments])],
      block(5, [uint32s([0, 0, 1]), ...option(5, Buffer.from('0c00000000000000', 'hex'))]),
    ]);
    const { packets, end } = read(file);
    expect(packets[0]?.comments).toEqual(['first', 'second']);
    expect(end).toEqual({ ...whole, dropped: 12 });
  });

  it('passes over packets of interfaces that are not there', () => {
    const { packets, end } = read(Buffer.concat([section, on(1), packet(3, 'bad'), packet(0, 'good')]));
    expect(packets.map(({ data }) => data)).toEqual(['good']);
    expect(end).toEqual({ ...whole, damaged: 1 });
  });

  it('believes no time that a date cannot hold', () => {
    const first = on(1, ...option(14, Buffer.from('ffffffffffffff7f', 'hex')));
    const second = on(1, ...option(9, Buffer.of(0xff)));
    const { packets } = read(Buffer.concat([section, first, second, packet(0, 'far'), packet(1, 'near')]));
    for (const { at } of packets) expect(Number.isNaN(new Date(at).getTime())).toBe(false);
  });
});
