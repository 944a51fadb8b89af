import {
  type ChecksumSpec,
  checkChecksum,
  type FoundChecksum,
  inspectChecksum,
  parseChecksumSpec,
} from '../bytes/checksums/spec.ts';
import type { Result } from '../failure.ts';
import { decodeMessage, escapingOf } from '../framing/spec.ts';
import { flagWords, messageFlags } from '../message/flags.ts';
import type { ChecksumVerdict, Row, SocketInfo } from './record.ts';

/*
 * The check of received messages: the configuration of an endpoint names a checksum, the description of each of its sockets keeps it,
 * and the verdict is computed from the bytes of a message where it is needed.
 */

/** The maximum size of a message whose checksum is checked, framing included. Bytes. */
export const maxCheckedBytes = 1_048_576;

/** A message in these states is not whole, or is not a message. */
const unchecked =
  messageFlags.truncated | messageFlags.incomplete | messageFlags.malformed | messageFlags.filler | messageFlags.part;

type CheckedRow = Pick<Row, 'kind' | 'length' | 'head' | 'tail' | 'flags'>;
type CheckedSocket = Pick<SocketInfo, 'framing' | 'checksum'>;

const specs = new WeakMap<CheckedSocket, Result<ChecksumSpec>>();

/**
 * Returns the checksum that the received messages of a socket must end with; `undefined` if none is checked. Fails with `bad-input`
 * for a spelling that `parseChecksumSpec` does not read: a session file may have any.
 */
export function checksumOf(socket: CheckedSocket | undefined): Result<ChecksumSpec> | undefined {
  if (socket?.checksum === undefined) return undefined;
  let spec = specs.get(socket);
  if (spec === undefined) {
    spec = parseChecksumSpec(socket.checksum);
    specs.set(socket, spec);
  }
  return spec;
}

/** Returns the checksum to check in a record: it is a whole received message of at most `maxCheckedBytes` of a socket with a check. */
export function checkedBy(row: CheckedRow, socket: CheckedSocket | undefined): ChecksumSpec | undefined {
  if (socket?.checksum === undefined || row.kind !== 'in') return undefined;
  if ((row.flags & unchecked) !== 0 || row.length > maxCheckedBytes) return undefined;
  const spec = checksumOf(socket);
  return spec?.ok ? spec.value : undefined;
}

/**
 * Returns the verdict on the checksum of a record; `undefined` if it is not checked. `bytes` returns all bytes of the record, framing
 * included, and is called only for a record that is checked.
 */
export function verdictOf(
  row: CheckedRow,
  socket: CheckedSocket | undefined,
  bytes: () => Uint8Array,
): ChecksumVerdict | undefined {
  const spec = checkedBy(row, socket);
  if (spec === undefined) return undefined;
  return checkChecksum(bodyOf(row, socket, bytes()), spec) === 'ok' ? 'ok' : 'bad';
}

/** Returns the checksum of a record that `spec` checks, and the expected one. `bytes`: all bytes of the record. */
export function foundChecksum(
  row: CheckedRow,
  socket: CheckedSocket | undefined,
  bytes: Uint8Array,
  spec: ChecksumSpec,
): FoundChecksum {
  return inspectChecksum(bodyOf(row, socket, bytes), spec);
}

/** Returns the message without its framing and its escapes. */
function bodyOf(row: CheckedRow, socket: CheckedSocket | undefined, bytes: Uint8Array): Uint8Array {
  const escaping = escapingOf(socket?.framing ?? '', row);
  if (escaping) return decodeMessage(escaping, bytes, row.head, row.tail);
  const from = Math.min(row.head, bytes.length);
  return bytes.subarray(from, Math.max(from, bytes.length - row.tail));
}

/** Returns the words for the flags of a record that are set, and for the verdict on its checksum. */
export function propertyWords({ flags, checksum }: Pick<Row, 'flags' | 'checksum'>): string[] {
  const words = flags === 0 ? [] : flagWords(flags);
  return checksum === undefined ? words : [...words, `checksum ${checksum}`];
}
