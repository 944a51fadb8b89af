import type { Session } from '#session/session.ts';
import { ok, type Result } from '#shared/contract/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

const windowRows = 1_000;
/** Bytes asked for at once. */
const pieceBytes = 1_048_576;
/** The messages of so many rows are asked for together, fewer where they are long. */
const batchRows = 256;

export interface SessionRow {
  readonly row: Row;
  readonly socket: SocketInfo | undefined;
}

export interface SessionRecord extends SessionRow {
  /** All of the message, framing included; none for a lifecycle event. */
  readonly bytes: Uint8Array;
}

/** Every record of `session` in order, without its bytes, a window at a time. Ends after a failure. */
export async function* rowsOf(session: Session): AsyncGenerator<Result<SessionRow[]>, void> {
  for (let first = 0; ; ) {
    const window = await session.window(first, windowRows);
    if (!window.ok) {
      yield window;
      return;
    }
    const { rows, sockets } = window.value;
    if (rows.length === 0) return;
    const known = new Map(sockets.map((socket) => [socket.id, socket]));
    yield ok(rows.map((row) => ({ row, socket: known.get(row.socket) })));
    first += rows.length;
  }
}

/** Every record of `session` in order, with its bytes, a few at a time. Ends after a failure. */
export async function* recordsOf(session: Session): AsyncGenerator<Result<SessionRecord[]>, void> {
  for await (const window of rowsOf(session)) {
    if (!window.ok) {
      yield window;
      return;
    }
    for (const batch of batchesOf(window.value)) {
      const fetched = await Promise.all(batch.map((record) => withBytes(session, record)));
      const failed = fetched.find((record) => !record.ok);
      if (failed) {
        yield failed;
        return;
      }
      yield ok(fetched.flatMap((record) => (record.ok ? [record.value] : [])));
    }
  }
}

function* batchesOf(rows: readonly SessionRow[]): Generator<SessionRow[]> {
  let batch: SessionRow[] = [];
  let bytes = 0;
  for (const record of rows) {
    batch.push(record);
    bytes += record.row.length;
    if (batch.length < batchRows && bytes < pieceBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function withBytes(session: Session, { row, socket }: SessionRow): Promise<Result<SessionRecord>> {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  const parts: Uint8Array[] = [];
  for (let from = 0; isMessage && from < row.length; from += pieceBytes) {
    const part = await session.payload(row.seq, from, Math.min(pieceBytes, row.length - from));
    if (!part.ok) return part;
    parts.push(part.value.bytes);
  }
  return ok({ row, socket, bytes: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts) });
}
