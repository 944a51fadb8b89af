import { basename, join } from 'node:path';
import type { Session, SessionLog, TaskOptions } from '#session/session.ts';
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail, ok, type Result } from '#shared/contract/failure.ts';
import type { SessionView } from '#shared/contract/models.ts';

/** The file of a session that starts now: `2026-03-01_14-05-09.wirebench`, UTC, with a number where one exists. */
function sessionPath(folder: string, startedAt: Date, attempt: number): string {
  const stamp = startedAt.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return join(folder, `${stamp}${attempt === 0 ? '' : `-${attempt + 1}`}.wirebench`);
}

/** How many runs may start their sessions in the same second. */
const maxAttempts = 20;

/** Makes the log of this run in `folder`, beside those of other runs that start in the same second. */
export async function startSession(folder: string, appVersion: string): Promise<Result<SessionLog>> {
  const startedAt = new Date();
  for (let attempt = 0; ; attempt += 1) {
    const path = sessionPath(folder, startedAt, attempt);
    const created = await createSessionLog({ path, name: basename(path, '.wirebench'), appVersion });
    if (created.ok || attempt === maxAttempts || !created.error.system.includes('EEXIST')) return created;
  }
}

/** The sessions that are open: the one being recorded, and files that were opened. */
export class Sessions {
  readonly #live: SessionLog;
  readonly #open = new Map<string, Session>();
  readonly #tasks = new Map<string, AbortController>();
  readonly #emit: (event: WorkbenchEvent) => void;

  constructor(live: SessionLog, emit: (event: WorkbenchEvent) => void) {
    this.#live = live;
    this.#emit = emit;
    this.#adopt(live);
  }

  views(): SessionView[] {
    return [...this.#open.values()].map((session) => session.view());
  }

  get(id: string): Result<Session> {
    const session = this.#open.get(id);
    return session ? ok(session) : fail('not-found', `There is no open session “${id}”`, { hint: 'Open its file.' });
  }

  /** Opens a saved session; one that is open already is answered as it is. */
  async open(path: string): Promise<Result<SessionView>> {
    const opened = await openSessionLog(path);
    if (!opened.ok) return opened;
    this.#adopt(opened.value);
    const view = opened.value.view();
    this.#emit({ kind: 'sessions', changed: [view], removed: [] });
    return ok(view);
  }

  async close(id: string): Promise<Result<Record<string, never>>> {
    const session = this.get(id);
    if (!session.ok) return session;
    if (session.value === this.#live) {
      return fail('wrong-state', 'Could not close the session that is being recorded', {
        hint: 'It ends with Wirebench.',
      });
    }
    this.#open.delete(id);
    await session.value.close();
    this.#emit({ kind: 'sessions', changed: [], removed: [id] });
    return ok({});
  }

  /** Asks the session `id`, where it is open. */
  async ask<T>(id: string, question: (session: Session) => Promise<Result<T>>): Promise<Result<T>> {
    const session = this.get(id);
    return session.ok ? question(session.value) : session;
  }

  /** Runs long work with the session `id`: its progress is told as `task`, by which it can be cancelled. */
  async work<T>(
    id: string,
    task: string | undefined,
    job: (session: Session, work: TaskOptions) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const session = this.get(id);
    if (!session.ok) return session;
    if (task === undefined) return job(session.value, {});
    const abort = new AbortController();
    this.#tasks.set(task, abort);
    try {
      return await job(session.value, {
        signal: abort.signal,
        onProgress: (done, total) => this.#emit({ kind: 'task.progress', task, done, total }),
      });
    } finally {
      this.#tasks.delete(task);
    }
  }

  /** Cancels long work. Where it has ended meanwhile, that is no error. */
  cancel(task: string): Result<Record<string, never>> {
    this.#tasks.get(task)?.abort();
    return ok({});
  }

  async closeAll(): Promise<void> {
    for (const abort of this.#tasks.values()) abort.abort();
    await Promise.all([...this.#open.values()].map((session) => session.close()));
    this.#open.clear();
  }

  #adopt(session: Session): void {
    this.#open.set(session.id, session);
    session.onChange(() => {
      if (this.#open.has(session.id)) this.#emit({ kind: 'sessions', changed: [session.view()], removed: [] });
    });
    session.onFilters((statuses) => {
      const changed = statuses.map((status) => ({ session: session.id, ...status }));
      this.#emit({ kind: 'filters', changed });
    });
    session.onMarks((changed) => this.#emit({ kind: 'marks', session: session.id, changed: [...changed] }));
  }
}
