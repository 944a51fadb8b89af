import { unreadableFile } from '#files/unreadable-file.ts';
import type { Result } from '#shared/failure.ts';

/** Says why the file or stream `name` could not be read. */
export function unreadable(name: string, error: unknown): Result<never> {
  return { ok: false, error: unreadableFile(`Could not read ${name}`, error) };
}
