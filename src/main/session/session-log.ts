import { randomUUID } from 'node:crypto';
import type { Failure, Result } from '#shared/failure.ts';
import { sessionFormat, sessionVersion } from '#shared/record/session-json.ts';
import { BaseSession, type SessionAdditions } from './base-session.ts';
import { createSessionFile } from './format/outgoing-block.ts';
import { thisProcess } from './format/session-peek.ts';
import { LiveSession } from './live-session.ts';
import type { OpenedView } from './query/reader.ts';
import { ReaderClient } from './query/reader-client.ts';
import type { CreateSessionOptions, Session, SessionLog } from './session.ts';

/** Creates a session file and starts recording to it. Fails with `file` if it cannot be created. */
export function createSessionLog({ path, name, appVersion }: CreateSessionOptions): Result<SessionLog> {
  const id = randomUUID();
  const createdAt = new Date().toISOString();
  const of = { format: sessionFormat, version: sessionVersion, app: appVersion, id, name, createdAt } as const;
  const header = { ...of, ...thisProcess() };
  const created = createSessionFile(path, header);
  if ('code' in created) return { ok: false, error: created };
  return { ok: true, value: new LiveSession({ id, name, path, length: created.length }) };
}

/**
 * Opens a session file read-only. Fails with `file` if it cannot be read, with `not-a-session` if it is something
 * else. A file that is damaged or was not closed properly opens up to the damage, which `notice` describes.
 */
export async function openSessionLog(path: string): Promise<Result<Session>> {
  const session = new OpenedSession(path);
  const opened = await session.open();
  if (opened.ok) return { ok: true, value: session };
  await session.close();
  return opened;
}

class OpenedSession extends BaseSession {
  // A file may be open beside the session from which it was saved, so its stored id is not used.
  readonly id = randomUUID();
  readonly path: string;
  readonly state = 'read-only';
  readonly rate = 0;
  readonly error: Failure | undefined = undefined;
  protected readonly reader: ReaderClient;
  protected readonly upTo = Number.POSITIVE_INFINITY;
  #view: OpenedView = { name: '', total: 0, bytes: 0, problems: 0, notice: '' };

  constructor(path: string) {
    super();
    this.path = path;
    this.reader = new ReaderClient(
      { path, live: false },
      {
        changed: (view) => {
          this.#view = view;
          this.changes.changed();
        },
        queries: (statuses) => this.tellQueries(statuses),
      },
    );
  }

  get name(): string {
    return this.#view.name;
  }

  get total(): number {
    return this.#view.total;
  }

  get bytes(): number {
    return this.#view.bytes;
  }

  get problems(): number {
    return this.#view.problems;
  }

  get notice(): string {
    return this.#view.notice;
  }

  async open(): Promise<Result<OpenedView>> {
    const opened = await this.reader.request({ kind: 'open' }, this.upTo);
    if (opened.ok) this.#view = opened.value;
    return opened;
  }

  async flush(): Promise<void> {
    // Everything is in the file already.
  }

  protected async writeBlocks(additions: SessionAdditions): Promise<Failure | undefined> {
    const appended = await this.reader.request({ kind: 'append', ...additions }, this.upTo);
    if (!appended.ok) return appended.error;
    this.#view = appended.value;
    this.changes.changed();
    return undefined;
  }

  protected async finish(): Promise<void> {
    // There is nothing to write.
  }
}
