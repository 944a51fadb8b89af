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
  type Payload,
  standardInput,
  unreadable,
} from './input.ts';
import type { ListSends } from './list-sends.ts';
import { note } from './output.ts';

/**
 * Returns the payload that the options name, or `undefined` without such an option. Opens a file to report a wrong path before
 * anything is sent. A stream is sent as it arrives if it can be split; otherwise it is read to its end first.
 */
export async function readPayload(
  options: SendOptions,
  config: ClientConfig,
): Promise<Result<Payload | InputPayload | ListPayload | undefined>> {
  const { data, file, hex, stdin, payload, checksum, list } = options;
  const split = splitOf(options, config);
  if (payload !== undefined) {
    const { payloadToSend } = await import('./named-payload.ts');
    return await payloadToSend({ ...options, payload }, config, options.framing !== undefined || !options.frame);
  }
  if (list !== undefined) {
    const { ListSends } = await import('./list-sends.ts');
    const read = await ListSends.read({ ...options, list });
    return read.ok ? ok({ kind: 'list', list: read.value }) : read;
  }
  if (data !== undefined) return payloadOf(await checked(capped(encodeUtf8(data), '--data'), checksum));
  if (hex !== undefined) return payloadOf(await checked(ok(hex), checksum));
  if (file === undefined) return stdin ? streamPayload(standardInput(), split) : ok(undefined);
  const opened = await openFileSource(file);
  if (!opened.ok) return opened;
  const { value } = opened;
  return value.kind === 'file' ? ok(value) : streamPayload(value, split);
}

/** A send list, which names its payloads. */
export interface ListPayload {
  readonly kind: 'list';
  readonly list: ListSends;
}

/** Returns the bytes with the checksum, if there is one. */
async function checked(bytes: Result<Uint8Array>, checksum: string | undefined): Promise<Result<Uint8Array>> {
  if (!bytes.ok || checksum === undefined) return bytes;
  const { withChecksum } = await import('./named-payload.ts');
  return withChecksum(bytes.value, checksum);
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
function splitOf(options: SendOptions, { transport, framing }: ClientConfig): InputSplit | undefined {
  const { stdin, frame, repeat, reconnect, chunk, split } = options;
  const isStream = !abilitiesOf(transport).messageOriented;
  const isRaw = isStream && (!frame || followsReads(framing));
  if (stdin === 'lines') return isRaw ? 'whole-lines' : 'lines';
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
  if (payload.kind === 'rendered') return true;
  const size = payload.kind === 'file' ? payload.size : payload.bytes.length;
  if (size > 0 || abilitiesOf(transport).messageOriented) return true;
  if (!frame) return false;
  const encoded = encodeMessage(framing, new Uint8Array(0));
  // Sending an unframeable payload reports why.
  return isUnframeable(encoded) || encoded.bytes.length > 0;
}
