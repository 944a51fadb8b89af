import { closeSync, openSync, writeSync } from 'node:fs';
import { createSessionFile, jsonBlock, recordsBlock } from '#session/format/outgoing-block.ts';
import { LogFile } from '#session/record/log-file.ts';
import { Recorder } from '#session/record/recorder.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { blockTypes } from '#shared/record/block.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';

export const lineBytes = 64;
const linesPerRun = 1_000;
const rareEvery = 499_979;

/** What one record in half a million holds. */
export const rareWord = 'needle';

/** `count` lines of JSON, from number `first` on, 64 bytes each: ids from 0 to 99 999, the rare word where it is due. */
export function linesOf(first: number, count: number, bytes: Buffer): void {
  for (let index = 0; index < count; index += 1) {
    const number = first + index;
    const word = number % rareEvery === rareEvery - 1 ? rareWord : 'common';
    // 41 bytes of text without the id.
    const id = String((number * 7_919) % 100_000);
    const text = `{"user":{"id":${id}},"text":"${word}"`;
    const line = `${text},"n":"${String(number).padStart(lineBytes - text.length - 9, '0')}"}\n`;
    bytes.write(line, index * lineBytes, 'latin1');
  }
}

/** Writes the session of so many records (thousands of them) to `path`, a hundred thousand of them a second. Gives its size in bytes. */
export function writeBigSession(path: string, records: number): number {
  const header = {
    format: sessionFormat,
    version: sessionVersion,
    app: 'bench',
    id: 'big',
    name: 'big',
    createdAt: '',
  } as const;
  const created = createSessionFile(path, header);
  if ('code' in created) throw new Error(created.system);
  const file = new LogFile(path, created.length);
  const append = (block: Parameters<LogFile['append']>[0][number]) => {
    const failure = file.append([block]);
    if (failure) throw new Error(failure.system);
  };
  const recorder = new Recorder(
    {
      sockets: (infos) => append(jsonBlock(blockTypes.sockets, infos, file.next)),
      records: (block) => {
        append(recordsBlock(block));
        recorder.written(0, [block.buffer]);
      },
      reads: () => undefined,
      awaited: () => undefined,
    },
    { maxWaiting: Number.POSITIVE_INFINITY },
  );
  const role = 'accepted';
  const local = '127.0.0.1:12345';
  recorder.describe({
    id: 1,
    role,
    transport: 'tcp',
    endpoint: 'big',
    name: 'big',
    local,
    peer: '127.0.0.1:51422',
    framing: 'line',
  });
  const boundaries = new Boundaries();
  for (let line = 1; line <= linesPerRun; line += 1) boundaries.push(line * lineBytes, 0, 1, 0);
  const bytes = Buffer.alloc(linesPerRun * lineBytes);
  const carryOver = new Uint8Array(0);
  const startAt = 1_800_000_000_000;
  for (let first = 0; first < records; first += linesPerRun) {
    linesOf(first, linesPerRun, bytes);
    recorder.messages(1, 'in', startAt + first / 100, carryOver, bytes, boundaries);
  }
  recorder.flush();
  const { next, messages, bytes: recorded, problems } = recorder;
  recorder.stop();
  append(jsonBlock(blockTypes.end, { records: next, messages, bytes: recorded, problems }, file.next));
  const { length } = file;
  file.close();
  return length;
}

/** Writes so many of the same lines (thousands of them) to `path`, and nothing else. */
export function writeLines(path: string, count: number): void {
  const bytes = Buffer.alloc(linesPerRun * lineBytes);
  const file = openSync(path, 'w');
  for (let first = 0; first < count; first += linesPerRun) {
    linesOf(first, linesPerRun, bytes);
    writeSync(file, bytes);
  }
  closeSync(file);
}
