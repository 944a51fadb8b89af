import { ftruncateSync, mkdtempSync, rmSync, statSync, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionFile } from '#session/format/outgoing-block.ts';
import { Reader } from '#session/query/reader.ts';
import { LogFile, type WriteCalls } from '#session/record/log-file.ts';
import { Recorder } from '#session/record/recorder.ts';
import { WriteQueue } from '#session/record/write-queue.ts';
import type { Failure } from '#shared/failure.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import { comparable, perform, readAll, smallBlocks, steps } from '#support/session-script.ts';

const header = { format: sessionFormat, version: sessionVersion, app: '', id: '', name: '', createdAt: '' } as const;
const everything = Number.POSITIVE_INFINITY;

/** A disk with room for some bytes, more of which can be made. */
class Disk implements WriteCalls {
  room = 0;

  writev(fd: number, parts: readonly Uint8Array[], position: number): number {
    const bytes = Buffer.concat(parts).subarray(0, this.room);
    if (bytes.length === 0) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC', syscall: 'write' });
    this.room -= bytes.length;
    return writevSync(fd, [bytes], position);
  }

  truncate(fd: number, length: number): void {
    // What is taken back is room again.
    this.room += statSync(`/proc/self/fd/${fd}`).size - length;
    ftruncateSync(fd, length);
  }
}

describe('WriteQueue', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
    path = join(folder, 'a.wirebench');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.runIf(process.platform === 'linux')(
    'writes everything once and in order, however often the disk is full in between',
    () => {
      fc.assert(
        fc.property(steps, fc.array(fc.nat(3_000), { maxLength: 8 }), (script, rooms) => {
          rmSync(path, { force: true });
          const created = createSessionFile(path, header);
          if ('code' in created) throw new Error(created.system);
          const disk = new Disk();
          const file = new LogFile(path, created.length, disk);
          const queue = new WriteQueue();
          let handed = 0;
          let written = 0;
          const report = ({ bytes, buffers }: { bytes: number; buffers: ArrayBuffer[] }) => {
            written += bytes;
            recorder.written(bytes, buffers);
          };
          const recorder = new Recorder(
            {
              sockets: (infos) => queue.sockets(infos),
              reads: (reads) => queue.reads(reads),
              records: (block) => {
                queue.records(block);
                handed += block.count;
              },
              awaited: () => undefined,
            },
            smallBlocks,
          );
          const expected = perform(script, recorder, () => recorder.flush());
          recorder.flush();
          expect(queue.next).toBe(handed);
          for (const room of rooms) {
            disk.room += room;
            const failure = queue.write(file, report);
            expect(failure === undefined).toBe(queue.bytes === 0);
            expect(statSync(path).size).toBe(file.length);
          }
          disk.room = everything;
          expect(queue.write(file, report)).toBeUndefined();
          expect(queue.bytes).toBe(0);
          expect(written > 0).toBe(statSync(path).size > created.length);
          recorder.stop();
          file.close();
          const reader = new Reader(path, false);
          reader.open(everything);
          while (!reader.scan.finished) reader.scan.run(100);
          expect(reader.view().notice).toContain('not closed properly');
          expect(reader.view().notice).not.toContain('damaged');
          expect(comparable(readAll(reader))).toEqual(comparable(expected));
          reader.close();
        }),
      );
    },
  );

  it('answers those who wait when all before is written, or with why it is not, and keeps only what was recorded', () => {
    rmSync(path, { force: true });
    const created = createSessionFile(path, header);
    if ('code' in created) throw new Error(created.system);
    const disk = new Disk();
    const file = new LogFile(path, created.length, { writev: disk.writev.bind(disk), truncate: ftruncateSync });
    const queue = new WriteQueue();
    const answers: string[] = [];
    const answer = (name: string) => (failure: Failure | undefined) => {
      answers.push(`${name} ${failure?.code ?? 'done'}`);
    };
    disk.room = 100;
    queue.marks([{ seq: 0, bookmarked: true, note: '' }], answer('first'));
    queue.whenWritten(answer('second'));
    queue.settings({ name: 'x'.repeat(200) }, answer('third'));
    queue.sockets([]);
    const failure = queue.write(file, () => undefined);
    expect(failure?.code).toBe('file');
    expect(answers).toEqual(['first done', 'second done']);
    queue.refuse(failure as Failure);
    expect(answers).toEqual(['first done', 'second done', 'third file']);
    expect(queue.bytes).toBeGreaterThan(0);
    disk.room = 10_000;
    expect(queue.write(file, () => undefined)).toBeUndefined();
    file.close();
    const reader = new Reader(path, false);
    reader.open(everything);
    expect(reader.index.settings).toEqual({});
    expect(reader.index.damage).toBeUndefined();
    reader.close();
  });

  it('keeps what came while a copy was made: only what was tried is in it', () => {
    rmSync(path, { force: true });
    const created = createSessionFile(path, header);
    if ('code' in created) throw new Error(created.system);
    const file = new LogFile(path, created.length);
    const queue = new WriteQueue();
    queue.settings({ name: 'first' }, () => undefined);
    expect(queue.tryWrite(file)).toBeUndefined();
    queue.settings({ name: 'later' }, () => undefined);
    let reports = 0;
    queue.adopt(() => {
      reports += 1;
    });
    expect(reports).toBe(1);
    expect(queue.bytes).toBeGreaterThan(0);
    expect(queue.write(file, () => undefined)).toBeUndefined();
    expect(queue.bytes).toBe(0);
    file.close();
    const reader = new Reader(path, false);
    reader.open(everything);
    expect(reader.index.settings).toEqual({ name: 'later' });
    reader.close();
  });
});
