import { describe, expect, it } from 'vitest';
import { statisticsOf } from '#session/query/questions/statistics.ts';
import { Reader } from '#session/query/reader.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { client, ethernet, handshakeOf, pcap, server, startAt, type TestSegment, tcp } from '#support/captures.ts';
import { ImportFolder } from '#support/imports.ts';
import { spec } from '#support/reframing.ts';
import { answerOf } from '#support/session.ts';

const idle = { isCancelled: () => false, onProgress: () => undefined };
const up = (segment: TestSegment) => tcp({ flags: 'PA', ...segment });
const down = (segment: TestSegment) => tcp({ from: server, to: client, flags: 'PA', ...segment });

/** A capture of a connection, and the packets in it by the milliseconds after its start. */
function captured(packets: readonly (readonly [at: number, packet: Buffer])[]): Buffer {
  const shaken = ethernet(handshakeOf());
  const rest = ethernet(packets.map(([, packet]) => packet)).map((frame, index) => ({
    ...frame,
    at: startAt + (packets[index]?.[0] ?? 0),
  }));
  return pcap([...shaken, ...rest]);
}

/** One segment of a reply is not in the capture; the next request comes a minute later. */
const hole = captured([
  [1_000, up({ seq: 1, ack: 1, data: 'GET 1' })],
  [1_100, down({ seq: 1, ack: 6, flags: 'A', data: 'part1-----' })],
  [1_200, down({ seq: 21, ack: 6, data: 'part3-----' })],
  [1_250, up({ seq: 6, ack: 31, flags: 'A' })],
  [59_000, up({ seq: 6, ack: 31, data: 'GET 2' })],
  [59_100, down({ seq: 31, ack: 11, data: 'reply 2' })],
  [59_200, up({ seq: 11, ack: 38, flags: 'A' })],
]);

/** What the server sent, as it is imported and then re-framed: text, flags, offset. */
async function received(segments: readonly (readonly [seq: number, data: Buffer | string])[], framing: string) {
  using folder = new ImportFolder();
  const last = segments.at(-1);
  const end = (last?.[0] ?? 0) + (last?.[1].length ?? 0);
  const packets = segments.map(([seq, data], index) => [10 + index, down({ seq, ack: 1, data })] as const);
  const { target } = await folder.import(captured([...packets, [100, up({ seq: 1, ack: end, flags: 'A' })]]));
  const { rows, records } = await folder.reframed(target, spec(framing));
  return rows.flatMap(({ kind, flags, offset }, at) =>
    kind === 'in' ? [[Buffer.from(records[at]?.bytes ?? []).toString('latin1'), flags, offset]] : [],
  );
}

const { incomplete } = messageFlags;

describe('a capture in which a segment is missing', () => {
  it('has no gap in the statistics but the silence that there was', async () => {
    using folder = new ImportFolder();
    const { target } = await folder.import(hole);
    const reader = new Reader(target, false);
    try {
      answerOf(reader.open(Number.POSITIVE_INFINITY));
      const { flows, replies } = answerOf(await statisticsOf(reader.index, { pairing: { kind: 'order' }, ...idle }));
      const flow = flows.find(({ direction }) => direction === 'in');
      // Within the first reply 100 ms; then nothing until the second one.
      expect(flow?.gaps).toMatchObject({ count: 2, min: 100, max: 57_900 });
      expect(replies.times).toMatchObject({ count: 2, min: 100, max: 100 });
    } finally {
      reader.close();
    }
  });

  it('has messages whose offsets count the missing bytes', async () => {
    using folder = new ImportFolder();
    const { target } = await folder.import(hole);
    const { rows } = folder.read(target);
    expect(rows.filter(({ kind }) => kind === 'in').map(({ offset, length }) => [offset, length])).toEqual([
      [0, 10],
      [20, 10],
      [30, 7],
    ]);
  });
});

describe('re-framing across missing bytes', () => {
  it('marks the message before them and the first one after them as incomplete, and joins neither with the other', async () => {
    const segments = [
      [1, 'one\ntwo, fi'],
      [112, 'rst\nthree\n'],
    ] as const;
    expect(await received(segments, 'line')).toEqual([
      ['one\n', 0, 0],
      ['two, fi', incomplete, 4],
      ['rst\n', incomplete, 111],
      ['three\n', 0, 115],
    ]);
  });

  it('finds the next message after one whose length is known', async () => {
    const segments = [
      [1, '\0\x05whole\0\x10begin'],
      [19, '--ended\0\x04next'],
    ] as const;
    expect(await received(segments, 'len:2')).toEqual([
      ['\0\x05whole', 0, 0],
      ['\0\x10begin', incomplete, 7],
      ['--ended', incomplete, 18],
      ['\0\x04next', 0, 25],
    ]);
  });

  it('finds the next message by the framing’s resynchronisation', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    const segments = [
      [1, 'HTTP/1.1 200 OK\r\nX-Head'],
      [101, `er: x\r\n\r\n${answer}`],
    ] as const;
    const messages = await received(segments, 'http');
    expect(messages.at(0)).toEqual(['HTTP/1.1 200 OK\r\nX-Head', incomplete, 0]);
    expect(messages.at(1)).toEqual(['er: x\r\n', incomplete | messageFlags.malformed, 100]);
    expect(messages.at(-1)).toEqual([answer, 0, 109]);
  });

  it('marks the messages around bytes that the capture truncated', async () => {
    using folder = new ImportFolder();
    const frames = ethernet([
      ...handshakeOf(),
      down({ seq: 1, ack: 1, data: 'one\ntwo\nthr' }),
      down({ seq: 12, ack: 1, data: 'ee\nfour\n' }),
    ]);
    const truncated = frames.map((frame, index) =>
      index === 3 ? { ...frame, captured: frame.bytes.length - 5 } : frame,
    );
    const { target } = await folder.import(pcap(truncated));
    const { rows } = await folder.reframed(target, spec('line'));
    expect(rows.filter(({ kind }) => kind === 'in').map(({ preview, flags }) => [preview, flags])).toEqual([
      ['one', 0],
      ['tw', incomplete],
      ['ee', incomplete],
      ['four', 0],
    ]);
  });
});
