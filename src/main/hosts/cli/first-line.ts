import { openFile } from '#files/regular-file.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { openFileSource } from './input-source.ts';
import { unreadable } from './unreadable.ts';

/** Maximum length of the first line: a longer one suggests a wrong path. Bytes. */
const maxLineBytes = 65_536;

/**
 * Reads the first line of the file or pipe at `path` as UTF-8, without its line end. Does not read beyond that line. Fails if the file
 * cannot be read or the line is longer than 64 KiB.
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
  const system = `the first line is longer than ${maxLineBytes} bytes`;
  return fail('too-large', `Could not read ${path}`, { system, hint: 'Specify a text file.' });
}
