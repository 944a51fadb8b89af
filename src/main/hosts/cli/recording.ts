import { basename, resolve } from 'node:path';
import type { SessionLog } from '#session/session.ts';
import { ok, type Result } from '#shared/failure.ts';
import { version } from '#workbench/version.ts';

/** Creates the session file of `--record`; `undefined` without the option. Does not overwrite an existing file. */
export async function startRecording(path: string | undefined): Promise<Result<SessionLog | undefined>> {
  if (path === undefined) return ok(undefined);
  const { createSessionLog } = await import('#session/session-log.ts');
  const created = createSessionLog({ path: resolve(path), name: basename(path, '.wirebench'), appVersion: version });
  // Waits for the writer to run, so that later records reach the file even if this process is killed.
  if (created.ok) await created.value.flush();
  return created;
}
