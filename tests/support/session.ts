import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session, SessionLog } from '#session/session.ts';
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import type { SocketInfo } from '#shared/record/record.ts';

/** A folder for session files, and the sessions made in it. `await using` closes them and removes it. */
export class SessionFolder implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), 'wirebench-'));
  readonly #sessions: Session[] = [];

  file(name: string): string {
    return join(this.path, name);
  }

  /** A live session, recorded to `name`. */
  create(name: string): SessionLog {
    const created = createSessionLog({ path: this.file(name), name, appVersion: 'test' });
    if (!created.ok) throw new Error(created.error.system);
    this.#sessions.push(created.value);
    return created.value;
  }

  open(name: string): Promise<Session> {
    return this.openAt(this.file(name));
  }

  /** Opens a file in another folder. */
  async openAt(path: string): Promise<Session> {
    const opened = await openSessionLog(path);
    if (!opened.ok) throw new Error(opened.error.system);
    this.#sessions.push(opened.value);
    return opened.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.close()));
    rmSync(this.path, { recursive: true });
  }
}

export const acceptedSocket: SocketInfo = {
  id: 1,
  role: 'accepted',
  transport: 'tcp',
  endpoint: 'server-1',
  name: 'echo',
  local: '127.0.0.1:12345',
  peer: '127.0.0.1:51422',
  framing: 'line',
};

/** Records `messages` as one run of socket 1, each with `tail` bytes of framing. Gives the number of the first. */
export function recordMessages(
  log: SessionLog,
  direction: 'in' | 'out',
  messages: readonly Uint8Array[],
  tail = 0,
  at = Date.now(),
): number {
  const boundaries = new Boundaries();
  let end = 0;
  for (const message of messages) {
    end += message.length;
    boundaries.push(end, 0, tail, 0);
  }
  return log.messages(1, direction, at, new Uint8Array(0), Buffer.concat(messages), boundaries);
}

/** Records `count` short lines of socket 1. */
export function recordLines(log: SessionLog, count: number): void {
  const perRun = 1_000;
  for (let first = 0; first < count; first += perRun) {
    const numbers = Array.from({ length: Math.min(perRun, count - first) }, (_, index) => first + index);
    recordMessages(
      log,
      'in',
      numbers.map((number) => Buffer.from(`line ${number}\n`)),
      1,
    );
  }
}

/** The value of an answer that must not fail. */
export function answerOf<T>(
  result: { ok: true; value: T } | { ok: false; error: { message: string; system: string } },
): T {
  if (!result.ok) throw new Error(`${result.error.message}: ${result.error.system}`);
  return result.value;
}
