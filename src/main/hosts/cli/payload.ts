import { encodeUtf8 } from '#shared/bytes/text.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { type InputPayload, type InputSource, type InputSplit, openFileSource, standardInput } from './input-source.ts';
import { unreadable } from './unreadable.ts';

/** Maximum size of a payload in memory, as in the app. A file may have any size. */
export const maxPayloadBytes = 64 * 1_048_576;

export interface PayloadSource {
  readonly data?: string | undefined;
  readonly file?: string | undefined;
  readonly hex?: Uint8Array | undefined;
  readonly stdin: boolean;
}

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
