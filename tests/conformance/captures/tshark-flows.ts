import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FlowMessages, Message } from './flow-messages.ts';

const maxOutputBytes = 1_024 * 1_048_576;
/** A capture with more streams takes too long: the first ones are compared. */
export const maxStreams = 400;

/** What tshark finds in a capture. */
export interface TsharkFlows {
  /** From the bytes, sequence numbers and times of single segments. */
  readonly flows: FlowMessages;
  /** The bytes that its own reassembly gives (`follow`), by sender and receiver. */
  readonly followed: ReadonlyMap<string, Buffer>;
  readonly packets: number;
}

interface Segment {
  readonly stream: number;
  readonly key: string;
  readonly at: number | undefined;
  readonly sequence: number;
  readonly length: number;
  readonly bytes: Buffer;
}

const fields = [
  ...['frame.time_epoch', 'tcp.stream', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst'],
  ...['tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.len', 'tcp.payload', 'tcp.flags.syn', 'frame.protocols'],
];
/** Off: what changes the numbers or the bytes of a segment. Checksums are not looked at, as Wirebench does not. */
const preferences = ['tcp.relative_sequence_numbers:FALSE', 'tcp.desegment_tcp_streams:FALSE'];
/** Dissectors of messages that hold packets of their own, whose fields would stand for those of the segment. */
const disabled = ['openflow', 'openflow_v1', 'openflow_v4', 'openflow_v5', 'openflow_v6'];

/** Asks tshark what the capture at `path` holds: once for its segments, once for its streams. */
export async function tsharkFlows(path: string): Promise<TsharkFlows> {
  const options = [
    ...preferences.flatMap((preference) => ['-o', preference]),
    ...disabled.flatMap((protocol) => ['--disable-protocol', protocol]),
  ];
  const shown = fields.flatMap((field) => ['-e', field]);
  const listed = await run(path, [...options, '-T', 'fields', '-E', 'separator=/t', '-E', 'occurrence=l', ...shown]);
  const lines = listed.split('\n').slice(0, -1);
  const segments = lines.flatMap((line) => segmentOf(line.split('\t')) ?? []);
  const streams = [...new Set(segments.filter(({ length }) => length > 0).map(({ stream }) => stream))];
  const wanted = streams.slice(0, maxStreams);
  const follow = wanted.flatMap((stream) => ['-z', `follow,tcp,raw,${stream}`]);
  const text = wanted.length === 0 ? '' : await run(path, [...options, '-q', ...follow]);
  const followed = followedOf(text);
  const others = new Set(streams.slice(maxStreams));
  for (const { stream, key } of segments) if (others.has(stream)) followed.delete(key);
  return { flows: messagesOf(segments), followed, packets: lines.length };
}

async function run(path: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('tshark', ['-n', '-r', path, ...args], {
    maxBuffer: maxOutputBytes,
  }).catch(
    // Of a capture that is truncated, tshark prints what is before, and fails.
    (error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  return stdout;
}

function segmentOf(values: readonly string[]): Segment | undefined {
  const [time = '', stream = '', source4, target4, source6, target6, sourcePort, targetPort] = values;
  const [sequence = '', length = '', payload = '', syn, protocols = ''] = values.slice(8);
  if (stream === '' || sequence === '') return undefined;
  // Of a tunnel both versions have addresses: those of the inner one count.
  const isIpv6 = protocols.lastIndexOf(':ipv6:') > protocols.lastIndexOf(':ip:');
  const source = isIpv6 ? `[${source6}]` : source4;
  const target = isIpv6 ? `[${target6}]` : target4;
  return {
    stream: Number(stream),
    key: `${source}:${sourcePort} > ${target}:${targetPort}`,
    at: time === '' ? undefined : Number(time) * 1_000,
    sequence: (Number(sequence) + (syn === '1' || syn === 'True' ? 1 : 0)) >>> 0,
    length: Number(length),
    bytes: Buffer.from(payload, 'hex'),
  };
}

/** Each byte with the first segment that brought it: what is the right message and time by the numbers alone. */
function messagesOf(segments: readonly Segment[]): FlowMessages {
  const flows = new Map<string, Message[]>();
  for (const one of groups(segments).values()) {
    const [first] = one;
    if (first === undefined) continue;
    const messages = flows.get(first.key) ?? [];
    messages.push(...inOrder(one));
    flows.set(first.key, messages);
  }
  return flows;
}

/** By stream and direction, in the order of the streams. */
function groups(segments: readonly Segment[]): Map<string, Segment[]> {
  const found = new Map<string, Segment[]>();
  const sorted = [...segments].sort((one, other) => one.stream - other.stream);
  for (const segment of sorted) {
    if (segment.length === 0) continue;
    const key = `${segment.stream} ${segment.key}`;
    const group = found.get(key) ?? [];
    group.push(segment);
    found.set(key, group);
  }
  return found;
}

interface Piece {
  /** Counted from the first segment of the stream; before it negative. */
  readonly from: number;
  readonly to: number;
  readonly at: number | undefined;
  readonly bytes: Buffer;
}

function inOrder(segments: readonly Segment[]): Message[] {
  const [first] = segments;
  const pieces: Piece[] = [];
  for (const { sequence, length, at, bytes } of segments) {
    let from = (sequence - (first?.sequence ?? 0)) | 0;
    const to = from + length;
    const start = from;
    for (let index = 0; index <= pieces.length && from < to; index += 1) {
      const next = pieces[index];
      if (next && next.to <= from) continue;
      const end = next ? Math.min(next.from, to) : to;
      if (end > from) {
        pieces.splice(index, 0, { from, to: end, at, bytes: bytes.subarray(from - start, end - start) });
        index += 1;
      }
      from = Math.max(from, next?.to ?? to);
    }
  }
  return pieces;
}

/** tshark writes a sentence where bytes are missing. */
const missing = /\[\d+ bytes missing in capture file\]\.?\0?/g;

function followedOf(text: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const add = (key: string, parts: readonly string[]) => {
    const all = Buffer.from(parts.join(''), 'hex').toString('latin1').replaceAll(missing, '');
    found.set(key, Buffer.concat([found.get(key) ?? Buffer.alloc(0), Buffer.from(all, 'latin1')]));
  };
  const streamOf = (section: string) => Number(/^Filter: tcp\.stream eq (\d+)$/m.exec(section)?.[1]);
  const sections = text.split(/^Follow: tcp,raw$/m).slice(1);
  // tshark writes them in an order of its own, and connections between the same ends follow one another.
  for (const section of sections.sort((one, other) => streamOf(one) - streamOf(other))) {
    const [, first = ''] = /^Node 0: (.*)$/m.exec(section) ?? [];
    const [, second = ''] = /^Node 1: (.*)$/m.exec(section) ?? [];
    const lines = section.split('\n').filter((line) => /^\t?([0-9a-f]{2})+$/.test(line));
    const sent = lines.filter((line) => !line.startsWith('\t'));
    const received = lines.filter((line) => line.startsWith('\t')).map((line) => line.slice(1));
    add(`${first} > ${second}`, sent);
    add(`${second} > ${first}`, received);
  }
  return found;
}
