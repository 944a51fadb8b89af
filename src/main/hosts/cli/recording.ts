import { basename, resolve } from 'node:path';
import type { SessionLog } from '#session/session.ts';
import { ok, type Result } from '#shared/failure.ts';
import { version } from '#workbench/version.ts';

/** Makes the session file of `--record`; `undefined` where none is wanted. One that exists is not overwritten. */
export async function startRecording(path: string | undefined): Promise<Result<SessionLog | undefined>> {
  if (path === undefined) return ok(undefined);
  const { createSessionLog } = await import('#session/session-log.ts');
  const created = createSessionLog({ path: resolve(path), name: basename(path, '.wirebench'), appVersion: version });
  // From here on the writer is at work: what happens is in the file a moment later, whatever becomes of this process.
  if (created.ok) await created.value.flush();
  return created;
}
