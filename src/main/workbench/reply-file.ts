import { openFile } from '#files/regular-file.ts';
import { unreadableFile } from '#files/unreadable-file.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { replyFilePath } from './samples.ts';

/** The maximum size of a file that is sent as one reply. */
const maxReplyFileBytes = 64 * 1_048_576;

/** Reads the file with which a server replies: a path, or `sample:NAME`. Only a regular file up to the maximum size. */
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
        return fail('too-large', tried, { system, hint: 'Select a smaller file.' });
      }
      return ok(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, error: unreadableFile(tried, error) };
  }
}
