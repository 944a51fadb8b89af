import { open } from 'node:fs/promises';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { fail, ok, type Result } from '#shared/contract/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';

/** The most bytes that one `send` sends, as in the app. */
export const maxPayloadBytes = 64 * 1_048_576;

export interface PayloadSource {
  readonly data?: string | undefined;
  readonly file?: string | undefined;
  readonly hex?: Uint8Array | undefined;
  readonly stdin: boolean;
}

/** The bytes to send; `undefined` where none were given. */
export async function readPayload({ data, file, hex, stdin }: PayloadSource): Promise<Result<Uint8Array | undefined>> {
  if (data !== undefined) return capped(encodeUtf8(data), '--data');
  if (hex !== undefined) return ok(hex);
  if (file !== undefined) return readFile(file);
  return stdin ? readStdin() : ok(undefined);
}

async function readFile(path: string): Promise<Result<Uint8Array>> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxPayloadBytes) return tooLarge(path, `it has ${size} bytes`);
      return capped(await handle.readFile(), path);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return unreadable(path, error);
  }
}

async function readStdin(): Promise<Result<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin) {
      size += chunk.length;
      if (size > maxPayloadBytes) return tooLarge('the standard input', 'it goes on');
      chunks.push(chunk);
    }
  } catch (error) {
    return unreadable('the standard input', error);
  }
  return ok(Buffer.concat(chunks));
}

function capped(bytes: Uint8Array, name: string): Result<Uint8Array> {
  return bytes.length > maxPayloadBytes ? tooLarge(name, `it has ${bytes.length} bytes`) : ok(bytes);
}

function tooLarge(name: string, size: string): Result<never> {
  return fail('too-large', `Could not send ${name}`, {
    system: `${size}, and one send takes at most ${maxPayloadBytes}`,
    hint: 'Send it in parts.',
  });
}

function unreadable(name: string, error: unknown): Result<never> {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'read';
  return fail('file', `Could not read ${name}`, { system: systemAnswer(call, errno), hint: lookUpErrno(errno).hint });
}
