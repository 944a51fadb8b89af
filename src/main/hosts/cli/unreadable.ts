import { unreadableFile } from '#files/unreadable-file.ts';
import type { Result } from '#shared/failure.ts';

/** Returns the failure of reading the file or stream `name`. */
export function unreadable(name: string, error: unknown): Result<never> {
  return { ok: false, error: unreadableFile(`Could not read ${name}`, error) };
}
