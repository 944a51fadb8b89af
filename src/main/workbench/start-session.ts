import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SessionLog } from '#session/session.ts';
import { createSessionLog } from '#session/session-log.ts';
import { sessionExtension } from '#shared/contract/file-reference.ts';
import type { Result } from '#shared/failure.ts';

/** Returns the path of a session that starts now: `2026-03-01_14-05-09.wirebench`, UTC, with a number if it exists. */
function sessionPath(folder: string, startedAt: Date, attempt: number): string {
  const stamp = startedAt.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return join(folder, `${stamp}${attempt === 0 ? '' : `-${attempt + 1}`}${sessionExtension}`);
}

/** How many sessions may start in the same second. */
const maxAttempts = 20;

/** Creates the log of this run in `folder`, beside those of other runs that start in the same second. */
export function startSession(folder: string, appVersion: string): Result<SessionLog> {
  const startedAt = new Date();
  for (let attempt = 0; ; attempt += 1) {
    const path = sessionPath(folder, startedAt, attempt);
    const created = createSessionLog({ path, name: basename(path, sessionExtension), appVersion });
    if (created.ok || attempt === maxAttempts || !existsSync(path)) return created;
  }
}
