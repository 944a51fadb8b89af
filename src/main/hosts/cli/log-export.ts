import { resolve } from 'node:path';
import type { Session } from '#session/session.ts';
import { byteCount } from '#shared/record/describe.ts';
import { jsonlFormat } from '#shared/record/jsonl.ts';
import type { RecordFormat } from '#shared/record/record-format.ts';
import { textFormat } from '#shared/record/text-log.ts';
import { onStopSignal } from '../stop-signal.ts';
import { exitCodes } from './exit-codes.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';
import { note, reportFailure } from './report.ts';
import { recordsOf } from './session-rows.ts';
import { writeRecord } from './write-record.ts';

export interface ExportOptions {
  readonly format: 'jsonl' | 'text';
  /** The file to write; the standard output where it is left out. */
  readonly output?: string | undefined;
}

/** `wirebench log export`: writes every record of a session, whole. Gives the exit code. */
export function exportLog(file: string, { format, output }: ExportOptions): Promise<number> {
  return withSession(file, (session) =>
    output === undefined
      ? printRecords(session, format === 'jsonl' ? jsonlFormat : textFormat)
      : saveRecords(session, format, resolve(output)),
  );
}

/** Prints the records as they come from the session: a reader need not wait for the last, nor the memory hold them. */
async function printRecords(session: Session, format: RecordFormat): Promise<number> {
  const output = new Output();
  for await (const records of recordsOf(session)) {
    if (!records.ok) return finishOutput(output, records.error);
    for (const { row, socket, bytes } of records.value) {
      writeRecord(format, row, bytes, socket, (piece) => output.write(piece));
    }
    await output.ready();
    if (output.gone) break;
  }
  return finishOutput(output);
}

async function saveRecords(session: Session, format: ExportOptions['format'], path: string): Promise<number> {
  const abort = new AbortController();
  onStopSignal(() => abort.abort());
  const isTerminal = process.stderr.isTTY === true;
  const saved = await session.save({
    format,
    path,
    signal: abort.signal,
    onProgress: (done, total) => {
      if (isTerminal && total > 0) process.stderr.write(`\r${Math.floor((done / total) * 100)} % `);
    },
  });
  if (isTerminal) process.stderr.write('\r');
  if (!saved.ok) {
    reportFailure(saved.error);
    return exitCodes.failed;
  }
  const { records, bytes } = saved.value;
  note(`${records} records, ${byteCount(bytes)}, written to ${saved.value.path}`);
  return exitCodes.done;
}
