import { statSync } from 'node:fs';
import { expect } from 'vitest';
import type { Session, SessionLog } from '#session/session.ts';
import { acceptedSocket, answerOf, recordMessages, type SessionFolder } from '#support/session.ts';

/** Records messages `from` to `to`, each its number. */
export function record(log: SessionLog, from: number, to: number): void {
  for (let next = from; next < to; next += 1) recordMessages(log, 'in', [Buffer.from(`message ${next}`)]);
}

/** Resolves when `log` has failed. */
export async function failure(log: SessionLog): Promise<void> {
  await expect.poll(() => log.state).toBe('failed');
}

/** Fails unless records `lost` up to `kept` are gone, and each other one is the message with its number. */
export async function expectRecords(session: Session, total: number, lost: number, kept: number): Promise<void> {
  expect(session.total).toBe(total);
  const { rows } = answerOf(await session.ask('window', { first: 0, count: total }));
  const found = rows.map(({ kind, preview }) => (kind === 'in' ? preview : kind));
  expect(found).toEqual(rows.map((_, seq) => (seq >= lost && seq < kept ? 'limited' : `message ${seq}`)));
  expect(rows).toHaveLength(total);
  const times = rows.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

/** A session of 60 messages, 40 of which are in the file in two blocks, and whose file is then changed. */
export async function changed(
  folder: SessionFolder,
  change: (path: string, second: number) => void,
  first: (log: SessionLog) => Promise<void> = async () => undefined,
): Promise<SessionLog> {
  const log = folder.create('a.wirebench');
  await first(log);
  log.describe(acceptedSocket);
  record(log, 0, 20);
  await log.flush();
  const second = statSync(log.path).size;
  record(log, 20, 40);
  await log.flush();
  change(log.path, second);
  record(log, 40, 60);
  await failure(log);
  return log;
}
