import { openFile } from '#files/regular-file.ts';
import { unreadableFile } from '#files/unreadable-file.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { replyFilePath } from './samples.ts';

/** A file that is sent as one reply may have this many bytes. */
const maxReplyFileBytes = 64 * 1_048_576;

/** Reads the file a server replies with: a path, or `sample:NAME`. Only a regular file, and no larger than the cap. */
export async function readReplyFile(resources: string, name: string): Promise<Result<Uint8Array>> {
  const tried = `Could not read the reply file ${name}`;
  const path = await replyFilePath(resources, name);
  if (!path.ok) return path;
  try {
    const file = await openFile(path.value);
    try {
      const { size } = await file.stat();
      if (size > maxReplyFileBytes) {
        const system = `it has ${size} bytes, and the limit is ${maxReplyFileBytes}`;
        return fail('too-large', tried, { system, hint: 'Choose a smaller file.' });
      }
      return ok(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, error: unreadableFile(tried, error) };
  }
}
