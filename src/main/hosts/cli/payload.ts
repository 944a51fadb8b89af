import fs from 'node:fs';
import { resolve } from 'node:path';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';

/** The most bytes that one `send` holds in memory, as in the app. A file may be of any size. */
export const maxPayloadBytes = 64 * 1_048_576;

export interface PayloadSource {
  readonly data?: string | undefined;
  readonly file?: string | undefined;
  readonly hex?: Uint8Array | undefined;
  readonly stdin: boolean;
}

/** What is to be sent: bytes, or the path of a file that is read while it is sent. */
export type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'file'; readonly file: string; readonly size: number };

/** What there is to send; `undefined` where nothing was given. A file is looked at, so that a wrong path is told at once. */
export async function readPayload({ data, file, hex, stdin }: PayloadSource): Promise<Result<Payload | undefined>> {
  if (data !== undefined) return payloadOf(capped(encodeUtf8(data), '--data'));
  if (hex !== undefined) return payloadOf(ok(hex));
  if (file !== undefined) return lookAtFile(file);
  return stdin ? payloadOf(await readAll(process.stdin, 'the standard input')) : ok(undefined);
}

function payloadOf(bytes: Result<Uint8Array>): Result<Payload> {
  return bytes.ok ? ok({ kind: 'bytes', bytes: bytes.value }) : bytes;
}

async function lookAtFile(path: string): Promise<Result<Payload>> {
  try {
    const handle = await fs.promises.open(path, 'r');
    try {
      const stats = await handle.stat();
      if (stats.isFile()) return ok({ kind: 'file', file: resolve(path), size: stats.size });
      // A pipe (`<(…)` of the shell) is read as the standard input is; reading a folder says what is wrong.
      return payloadOf(await readAll(handle.createReadStream({ autoClose: false }), path));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return unreadable(path, error);
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>, name: string): Promise<Result<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > maxPayloadBytes) return tooLarge(name, 'it goes on');
      chunks.push(chunk);
    }
  } catch (error) {
    return unreadable(name, error);
  }
  return ok(Buffer.concat(chunks));
}

function capped(bytes: Uint8Array, name: string): Result<Uint8Array> {
  return bytes.length > maxPayloadBytes ? tooLarge(name, `it has ${bytes.length} bytes`) : ok(bytes);
}

function tooLarge(name: string, size: string): Result<never> {
  return fail('too-large', `Could not send ${name}`, {
    system: `${size}, and one send takes at most ${maxPayloadBytes}`,
    hint: 'Send it in parts, or from a file with --file.',
  });
}

/** Why the file `name` could not be read. */
export function unreadable(name: string, error: unknown): Result<never> {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'read';
  return fail('file', `Could not read ${name}`, { system: systemAnswer(call, errno), hint: lookUpErrno(errno).hint });
}
