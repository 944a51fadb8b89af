// What a plain program takes for the same: reads `--path` and looks for `--word` in its bytes; parses the lines of
// `--lines` as JSON. Sends the milliseconds of each, and its resident memory.
import { closeSync, openSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';

export interface PlainTimes {
  readonly readMs: number;
  readonly searchMs: number;
  /** One place in the file: some rows' worth of bytes. */
  readonly placeMs: number;
  readonly parseMs: number;
  readonly residentBytes: number;
}

const pieceBytes = 1_048_576;
const placeBytes = 262_144;

const { values } = parseArgs({
  options: {
    path: { type: 'string', default: '' },
    word: { type: 'string', default: '' },
    lines: { type: 'string', default: '' },
  },
});

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/** Calls `take` with each piece of the file. */
function pieces(path: string, take: (piece: Buffer) => void): void {
  const file = openSync(path, 'r');
  const piece = Buffer.alloc(pieceBytes);
  for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) take(piece.subarray(0, count));
  closeSync(file);
}

let found = 0;
const word = Buffer.from(values.word);
const readMs = timed(() => pieces(values.path, () => undefined));
const searchMs = timed(() =>
  pieces(values.path, (piece) => {
    for (let at = piece.indexOf(word); at >= 0; at = piece.indexOf(word, at + 1)) found += 1;
  }),
);
const placeMs = timed(() => {
  const file = openSync(values.path, 'r');
  const piece = Buffer.alloc(placeBytes);
  readSync(file, piece, 0, placeBytes, placeBytes * 100);
  found += piece.toString('latin1').split('\n').length;
  closeSync(file);
});
let rest = '';
const parseMs = timed(() =>
  pieces(values.lines, (piece) => {
    const lines = (rest + piece.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if ((JSON.parse(line) as { user: { id: number } }).user.id === 42) found += 1;
  }),
);
if (found === 0) throw new Error('nothing was found');
const residentBytes = process.resourceUsage().maxRSS * 1_024;
process.send?.({ readMs, searchMs, placeMs, parseMs, residentBytes } satisfies PlainTimes);
process.disconnect();
