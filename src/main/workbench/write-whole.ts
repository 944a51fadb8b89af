import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes `text` as the whole content of the file at `path`, with the permissions `mode`: a reader sees the old content
 * or the new one, never a part, and never what another process is writing. Rejects as `writeFile` and `rename` do.
 */
export async function writeWhole(path: string, text: string, mode = 0o666): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    // A draft that a killed process left is in the way; anything else that has its name is not written to.
    await rm(draft, { force: true });
    await writeFile(draft, text, { mode, flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}
