import type { Client } from '#shared/contract/client.ts';
import { maxPayloadBytes } from '#shared/contract/limits.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { decodeMessage, escapingOf } from '#shared/framing/spec.ts';
import type { Selection } from './selection.ts';

/** A recorded message, fetched from its session. */
interface RecordedMessage {
  /** The bytes as they were sent or received, framing included. */
  readonly bytes: Uint8Array;
  /** The same without framing and its escapes. */
  readonly body: Uint8Array;
}

/** What a message is fetched for. */
interface Purpose {
  /** A larger message is not fetched. */
  readonly maxBytes: number;
  /** What is tried, for a failure: “Could not save record 7 as a payload”. */
  readonly tried: string;
  /** What to do with a message that is too large. */
  readonly hint: string;
}

/** Fetches a whole message. Fails with `too-large`, and with `file` if the session has only a part of its bytes. */
export async function recordedMessage(
  client: Client,
  { session, row, info }: Selection,
  { maxBytes, tried, hint }: Purpose,
): Promise<Result<RecordedMessage>> {
  const { seq, length, head, tail } = row;
  if (length > maxBytes) {
    return fail('too-large', tried, { system: `the message has ${length} bytes; the maximum is ${maxBytes}`, hint });
  }
  const bytes = new Uint8Array(length);
  for (let from = 0; from < length; ) {
    const size = Math.min(length - from, maxPayloadBytes);
    const part = await client.call('sessions.payload', { session, seq, from, length: size });
    if (!part.ok) return part;
    if (part.value.bytes.length === 0) {
      const system = `the session has ${from} of its ${length} bytes`;
      return fail('file', tried, { system, hint: 'The session file is damaged there.' });
    }
    bytes.set(part.value.bytes, from);
    from += part.value.bytes.length;
  }
  const spec = info && escapingOf(info.framing, row);
  const body = spec ? decodeMessage(spec, bytes, head, tail) : bytes.subarray(head, Math.max(head, length - tail));
  return ok({ bytes, body });
}
