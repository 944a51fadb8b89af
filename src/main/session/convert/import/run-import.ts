import { rmSync } from 'node:fs';
import type { ImportKind } from '#shared/export/import-formats.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { ByteReader } from '#shared/pcap/reading/capture-file.ts';
import { cancelled, fileFailure } from '../../format/failures.ts';
import type { ReaderJob } from '../../threads.ts';
import { inSlices } from '../../threads.ts';
import { SourceFile } from '../export/standard-streams.ts';
import { isGzip, kindOf, maxUnpackedBytes, startBytes, type Unpacked, unpack } from './detect-file.ts';
import { importReaders } from './formats/catalogue.ts';
import { type Imported, type ImporterStart, unpackedOf } from './import-session.ts';
import type { ImportReader } from './importing.ts';
import { SessionTarget, TargetFailure } from './importing.ts';

/** Imports in this thread; see `importSession`. */
export async function runImport(start: ImporterStart, job: ReaderJob): Promise<Result<Imported>> {
  const opened: SourceFile[] = [];
  const open = (path: string) => {
    const source = new SourceFile(path);
    opened.push(source);
    return { size: source.size, reader: new ByteReader((into) => source.read(into)) };
  };
  let target: SessionTarget | undefined;
  const abandoned = (error: Failure): Result<never> => {
    target?.abandon();
    return { ok: false, error };
  };
  try {
    let source = open(start.source);
    const beginning = source.reader.peek(startBytes);
    const kind = kindOf(start.source, beginning);
    if (!kind.ok) return kind;
    if (kind.value === 'wirebench') return isSession(start.source);
    target = new SessionTarget(start);
    let progress = job;
    let unpacked: Unpacked = 'whole';
    if (isGzip(beginning)) {
      const halves = inHalves(job, source.size);
      unpacked = await unpack(source.reader, unpackedOf(start.part), { ...halves.first, maxBytes: maxUnpackedBytes });
      if (unpacked === 'cancelled') return abandoned(cancelled(`Importing “${start.source}”`));
      if (unpacked === 'too-large') return abandoned(tooLarge(start.source));
      source = open(unpackedOf(start.part));
      progress = halves.second;
    }
    const notice = unpacked === 'damaged' ? damagedGzip : '';
    const taken = await inSlices(readerOf(kind.value).read({ ...source, notice }, target), progress);
    if (taken === undefined) return abandoned(cancelled(`Importing “${start.source}”`));
    const bytes = target.finish();
    const { next: records, messageCount: messages } = target.recorder;
    const said = [taken.notice, messages === 0 ? noMessages : ''].filter(Boolean).join(' ');
    return { ok: true, value: { path: start.target, records, messages, bytes, ...taken, notice: said } };
  } catch (error) {
    if (error instanceof TargetFailure) return abandoned(error.failure);
    return abandoned(fileFailure(`Could not import “${start.source}”`, error));
  } finally {
    for (const source of opened) source.close();
    rmSync(unpackedOf(start.part), { force: true });
  }
}

const noMessages = 'No messages were imported.';
const damagedGzip = 'The gzip file is damaged or ends early: what could be unpacked is imported.';

function readerOf(kind: ImportKind): ImportReader {
  const reader = importReaders.find((candidate) => candidate.kind === kind);
  if (!reader) throw new Error(`no reader of ${kind}`);
  return reader;
}

const progressEveryBytes = 4 * 1_048_576;

/** The progress of two halves, unpacking and importing, in bytes of a source of `size` bytes. */
function inHalves({ isCancelled, onProgress }: ReaderJob, size: number) {
  let reported = 0;
  const onStep = (done: number) => {
    if (done - reported < progressEveryBytes) return;
    reported = done;
    onProgress({ done: done / 2, total: size });
  };
  const onSecond: ReaderJob['onProgress'] = ({ done, total }) =>
    onProgress({ done: Math.round(size / 2 + (size / 2) * (total === 0 ? 0 : done / total)), total: size });
  return { first: { isCancelled, onStep }, second: { isCancelled, onProgress: onSecond } };
}

function tooLarge(path: string): Failure {
  return {
    code: 'too-large',
    message: `Could not import “${path}”`,
    system: `it unpacks to more than ${maxUnpackedBytes} bytes`,
    hint: 'Unpack it with gunzip, and split the result with editcap -c.',
  };
}

function isSession(path: string): Result<never> {
  return {
    ok: false,
    error: {
      code: 'wrong-state',
      message: `“${path}” is a Wirebench session already`,
      system: '',
      hint: 'Open it: there is nothing to import.',
    },
  };
}
