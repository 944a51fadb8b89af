import type { Input } from '#jobs/input-delivery.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, followsReads } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { SendOptions } from './endpoint-config.ts';
import {
  type InputPayload,
  type InputSource,
  type InputSplit,
  inputPieces,
  maxPayloadBytes,
  openFileSource,
  type PayloadSource,
  standardInput,
  unreadable,
} from './input.ts';
import { note } from './output.ts';

/** The payload: bytes, or the path of a file that is read while it is sent. */
export type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly file: string; readonly size: number };

/**
 * Returns the payload that the options name, or `undefined` without such an option. Opens a file to report a wrong path before
 * anything is sent. A stream is sent as it arrives if `split` says how; otherwise it is read to its end first.
 */
export async function readPayload(
  { data, file, hex, stdin }: PayloadSource,
  split: InputSplit | undefined,
): Promise<Result<Payload | InputPayload | undefined>> {
  if (data !== undefined) return payloadOf(capped(encodeUtf8(data), '--data'));
  if (hex !== undefined) return payloadOf(ok(hex));
  if (file === undefined) return stdin ? streamPayload(standardInput(), split) : ok(undefined);
  const opened = await openFileSource(file);
  if (!opened.ok) return opened;
  const { value } = opened;
  return value.kind === 'file' ? ok(value) : streamPayload(value, split);
}

async function streamPayload(
  { name, stream }: InputSource,
  split: InputSplit | undefined,
): Promise<Result<Payload | InputPayload>> {
  return split ? ok({ kind: 'input', name, stream, split }) : payloadOf(await readAll(stream, name));
}

function payloadOf(bytes: Result<Uint8Array>): Result<Payload> {
  return bytes.ok ? ok({ kind: 'bytes', bytes: bytes.value }) : bytes;
}

async function readAll(stream: AsyncIterable<Uint8Array>, name: string): Promise<Result<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > maxPayloadBytes) return tooLarge(name, `it is longer than ${maxPayloadBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    return unreadable(name, error);
  }
  return ok(Buffer.concat(chunks));
}

function capped(bytes: Uint8Array, name: string): Result<Uint8Array> {
  if (bytes.length <= maxPayloadBytes) return ok(bytes);
  return tooLarge(name, `it has ${bytes.length} bytes; the maximum is ${maxPayloadBytes}`);
}

function tooLarge(name: string, system: string): Result<never> {
  return fail('too-large', `Could not send ${name}`, {
    system,
    hint: 'Send it in parts, or from a file with --file.',
  });
}

/**
 * Returns how an input stream (the standard input, or a pipe that `--file` names) is split to be sent as it arrives: into
 * lines, or under raw framing into reads. Returns `undefined` if the stream must be read to its end first: it is one message
 * (a datagram, a frame), is sent repeatedly, or is sent in chunks.
 */
export function splitOf(options: SendOptions, { transport, framing }: ClientConfig): InputSplit | undefined {
  const { lines, frame, repeat, reconnect, chunk, split } = options;
  const isStream = !abilitiesOf(transport).messageOriented;
  const isRaw = isStream && (!frame || followsReads(framing));
  if (lines) return isRaw ? 'whole-lines' : 'lines';
  const isWhole = [repeat, reconnect, chunk, split].some((option) => option !== undefined);
  return isRaw && !isWhole ? 'reads' : undefined;
}

/** Returns an input as jobs read it. */
export function inputOf(payload: InputPayload): Input {
  const { name, stream } = payload;
  return {
    name,
    isTerminal: stream.isTTY === true,
    pieces: () => inputPieces(payload),
    waiting: () => stream.readableLength,
    stop: () => void stream.destroy(),
    endedEarly: () => note(`The connection ended before ${name} did.`),
  };
}

/** Returns true if `payload` yields a message. An empty line or datagram is a message; zero bytes on a stream are not. */
export function isMessage(payload: Payload, { transport, framing }: ClientConfig, frame: boolean): boolean {
  const size = payload.kind === 'file' ? payload.size : payload.bytes.length;
  if (size > 0 || abilitiesOf(transport).messageOriented) return true;
  if (!frame) return false;
  const encoded = encodeMessage(framing, new Uint8Array(0));
  // Sending an unframeable payload reports why.
  return isUnframeable(encoded) || encoded.bytes.length > 0;
}
