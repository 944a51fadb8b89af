import { openFile } from '#files/regular-file.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { openFileSource } from './input-source.ts';
import { unreadable } from './unreadable.ts';

/** A longer first line is a wrong path. Bytes. */
const maxLineBytes = 65_536;

/**
 * Reads the first line of the file or pipe at `path`, without its end, as UTF-8. Reads no further than that line. Fails where it cannot be
 * read, and where the line is longer than 64 KiB.
 */
export async function readFirstLine(path: string): Promise<Result<string>> {
  const opened = await openFileSource(path);
  if (!opened.ok) return opened;
  const { value } = opened;
  let read = Buffer.alloc(0);
  try {
    const stream = value.kind === 'file' ? (await openFile(value.file)).createReadStream() : value.stream;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      read = Buffer.concat([read, chunk]);
      const line = /^[^\r\n]*/.exec(read.toString())?.[0] ?? '';
      if (line.length < read.toString().length) return ok(line);
      if (read.length > maxLineBytes) return tooLong(path);
    }
  } catch (error) {
    return unreadable(path, error);
  }
  return ok(read.toString());
}

function tooLong(path: string): Result<never> {
  const system = `its first line is longer than ${maxLineBytes} bytes`;
  return fail('too-large', `Could not read ${path}`, { system, hint: 'Name a text file.' });
}
