import type { StoredSession } from '#shared/contract/models.ts';

/** A session in the app's folder that ended in order. */
export function storedSession(name: string, change: Partial<StoredSession> = {}): StoredSession {
  const at = Date.now() - 60_000;
  const path = `/sessions/${name}.wirebench`;
  const reference = `stored:${name}.wirebench`;
  return {
    reference,
    path,
    name,
    startedAt: at,
    changedAt: at,
    fileBytes: 1_500,
    records: 3,
    state: 'ended',
    ...change,
  };
}
