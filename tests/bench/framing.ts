// `node tests/bench/framing.ts`: how fast each framing cuts, against a plain scan for line feeds over the same bytes.

import { isUnframeable } from '#shared/framing/framing.ts';
import { createFramer, encodeMessage, parseFraming } from '#shared/framing/spec.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { median, report } from './statistics.ts';

const chunkBytes = 65_536;
const chunkCount = 64;
/** How often all chunks are scanned in one measurement. */
const turns = 8;

const text = 'The quick brown fox jumps over the lazy dog, again and again, until somebody measures how fast it is. ';
const record = JSON.stringify({ id: 42, name: 'Ada', tags: ['a', 'b'], note: text, at: 1_700_000_000_000, ok: true });
const xml = `<?xml version="1.0"?><order id="42"><name>Ada</name><item count="2" unit="kg">${text}</item><ok/></order>\n`;
const http = `POST /orders HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: bench\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: ${record.length}\r\n\r\n${record}`;
// As binary as it comes, but the same in each run.
const binary = Buffer.from(Array.from({ length: 200 }, (_, index) => (index * index * 31) % 251));

/** Each framing with a message as it is common there. */
const subjects: readonly (readonly [spelling: string, body: Uint8Array])[] = [
  ['raw', Buffer.from(`${text}\n`)],
  ['line', Buffer.from(text)],
  ['line:crlf', Buffer.from(text)],
  ['fixed:128', Buffer.from(text)],
  ['len:4be', binary],
  ['len:varint', binary],
  ['stx', Buffer.from(text)],
  ['slip', binary],
  ['cobs', binary],
  ['json', Buffer.from(`${record}\n`)],
  ['json:array', Buffer.from(record)],
  ['xml', Buffer.from(xml)],
  ['http', Buffer.from(http)],
  ['start:24:delim:0d0a', Buffer.from(text)],
  ['octet', Buffer.from(`<34>1 ${text}`)],
  ['netstring', binary],
  ['mllp', Buffer.from(text)],
  ['lsp', Buffer.from(record)],
  ['xmpp', Buffer.from(`<message to="ada@lab"><body>${text}</body></message>`)],
  ['resp', Buffer.from(`*2\r\n$3\r\nSET\r\n$${text.length}\r\n${text}\r\n`)],
  ['scpi', Buffer.from('MEAS:VOLT:DC? 10,0.001')],
  ['stomp', Buffer.from(`SEND\ndestination:/a\n\n${text}`)],
  ['fix', Buffer.from(`35=D\x0158=${text}\x01`)],
  ['gap:50', Buffer.from(text)],
];

/** The speed of each framing on reads of 64 KiB, as a ratio to `Buffer.indexOf(10)` over as many bytes of lines. */
export function benchFraming(rounds: number): void {
  const lines = chunksOf(Buffer.from(`${text}\n`));
  const streams = subjects.map(([spelling, body]) => streamOf(spelling, body));
  const plain: number[] = [];
  const ours = streams.map((): number[] => []);
  // Once to compile, not measured.
  scanLines(lines);
  for (const { scan } of streams) scan();
  for (let round = 0; round < rounds; round += 1) {
    plain.push(speedOf(() => scanLines(lines)));
    streams.forEach(({ scan }, index) => {
      ours[index]?.push(speedOf(scan));
    });
  }
  streams.forEach(({ spelling, bytes }, index) => {
    const speeds = ours[index] as number[];
    const ratios = speeds.map((speed, round) => speed / (plain[round] as number));
    const figures = `${median(speeds).toFixed(0)} of ${median(plain).toFixed(0)} MB/s, messages of ${bytes} bytes`;
    report(`framing ${spelling} ÷ Buffer.indexOf`, ratios, figures);
  });
}

function streamOf(spelling: string, body: Uint8Array): { spelling: string; bytes: number; scan: () => void } {
  const spec = parseFraming(spelling);
  const encoded = spec && encodeMessage(spec, body);
  if (!encoded || isUnframeable(encoded)) throw new Error(`${spelling} cannot carry the message of the bench`);
  const chunks = chunksOf(encoded.bytes);
  const boundaries = new Boundaries();
  let found = 0;
  const scan = (): void => {
    const framer = createFramer(spec, 16 * 1_048_576);
    for (let turn = 0; turn < turns; turn += 1) {
      for (const chunk of chunks) {
        boundaries.clear();
        framer.push(chunk, boundaries, 0);
        if (boundaries.problem !== '') throw new Error(`${spelling}: ${boundaries.problem}`);
        found += boundaries.count;
      }
    }
    if (found === 0 && spelling !== 'gap:50') throw new Error(`${spelling} found no message`);
  };
  return { spelling, bytes: encoded.bytes.length, scan };
}

/** One message after the other, as reads of 64 KiB: a whole number of messages in all, so that they can be repeated. */
function chunksOf(message: Uint8Array): Buffer[] {
  const times = Math.ceil((chunkBytes * chunkCount) / message.length);
  const stream = Buffer.concat(Array.from({ length: times }, () => message));
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) chunks.push(stream.subarray(at, at + chunkBytes));
  return chunks;
}

function scanLines(chunks: readonly Buffer[]): void {
  let found = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    for (const chunk of chunks) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) found += 1;
  }
  if (found === 0) throw new Error('no line was found');
}

/** MB a second. */
function speedOf(scan: () => void): number {
  const startedAt = performance.now();
  scan();
  return (chunkBytes * chunkCount * turns) / 1_000 / (performance.now() - startedAt);
}

if (import.meta.main) benchFraming(7);
