import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refuseStandardStream } from '#session/convert/export/standard-streams.ts';
import type { ReframeInput } from '#session/convert/reframe/reframe.ts';
import type { Session, SessionLog } from '#session/session.ts';
import type { JobOptions } from '#session/threads.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { Jobs } from './jobs.ts';
import { fileIdentity, fileVersion, type OpenedFile, openFile, reframeFile, startSession } from './session-files.ts';
import type { OpenFiles } from './stored-sessions.ts';

interface SessionsOptions {
  readonly live: SessionLog;
  /** The folder of new and imported sessions. */
  readonly folder: string;
  readonly appVersion: string;
  readonly emit: (event: WorkbenchEvent) => void;
  readonly jobs: Jobs;
}

type Nothing = Record<string, never>;

/** The open sessions: the one being recorded, and opened files. */
export class Sessions {
  readonly #options: SessionsOptions;
  #live: SessionLog;
  readonly #open = new Map<string, Session>();
  /** What of an imported file was not imported, by session. */
  readonly #notices = new Map<string, string>();
  /** The sessions into which captures and JSON lines were imported, by the version of the file that was read. */
  readonly #sources = new Map<string, string>();
  /** The files being opened, by identity: a second request for one waits for the first. */
  readonly #opening = new Map<string, Promise<Result<SessionView>>>();
  /** The sessions being created from others. */
  readonly #reframing = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#live = options.live;
    this.#adopt(options.live);
  }

  /** The session that is being recorded. */
  get live(): SessionLog {
    return this.#live;
  }

  views(): SessionView[] {
    return [...this.#open.values()].map((session) => this.#view(session));
  }

  get(id: string): Result<Session> {
    const session = this.#open.get(id);
    return session ? ok(session) : fail('not-found', `There is no open session “${id}”`, { hint: 'Open its file.' });
  }

  /** Returns the open sessions by the identity of the files to which their paths lead now. */
  async files(): Promise<OpenFiles> {
    const files = new Map<string, Session>();
    for (const session of this.#open.values()) {
      const identity = await fileIdentity(session.path);
      if (identity !== undefined) files.set(identity, session);
    }
    return files;
  }

  /**
   * Opens a session file, or imports a capture or JSON lines into a session and opens that. For a file that is open already,
   * by any path, returns its session.
   */
  async open(path: string, job: string | undefined): Promise<Result<SessionView>> {
    const refused = refuseStandardStream(path);
    if (refused) return { ok: false, error: refused };
    const [identity, version] = await Promise.all([fileIdentity(path), fileVersion(path)]);
    if (identity === undefined) return this.#openNew(path, undefined, job);
    const known = (await this.files()).get(identity) ?? this.#open.get(this.#sources.get(version ?? '') ?? '');
    if (known) return ok(this.#view(known));
    const opening = this.#opening.get(identity) ?? this.#openNew(path, version, job);
    this.#opening.set(identity, opening);
    return opening.finally(() => this.#opening.delete(identity));
  }

  async #openNew(path: string, version: string | undefined, job: string | undefined): Promise<Result<SessionView>> {
    const { folder, appVersion } = this.#options;
    const opened = await this.#options.jobs.run(job, (work) => openFile(path, folder, appVersion, work));
    const view = await this.#adoptOpened(opened);
    if (view.ok && version !== undefined && view.value.path !== path) this.#sources.set(version, view.value.id);
    return view;
  }

  /** Re-frames streams of a session into a new one, and opens it. */
  reframe(
    id: string,
    { framing, sockets, endpoint }: Pick<ReframeInput, 'framing' | 'sockets' | 'endpoint'>,
    job: string,
  ): Promise<Result<SessionView>> {
    const { folder, appVersion } = this.#options;
    const reframed = this.work(id, job, async (session, work) => {
      // What was on screen when it was requested is in the new session.
      await session.flush();
      return reframeFile(session, { framing, sockets, endpoint, folder, appVersion }, work);
    });
    const reframing = reframed.then((opened) => this.#adoptOpened(opened));
    this.#reframing.add(reframing);
    return reframing.finally(() => this.#reframing.delete(reframing));
  }

  async #adoptOpened(opened: Result<OpenedFile>): Promise<Result<SessionView>> {
    if (!opened.ok) return opened;
    const { session, notice } = opened.value;
    if (this.#closed) {
      await session.close();
      return fail('closed', `“${session.path}” was not opened`, { hint: 'Wirebench is closing.' });
    }
    this.#adopt(session);
    if (notice !== '') this.#notices.set(session.id, notice);
    const view = this.#view(session);
    this.#options.emit({ kind: 'sessions', changed: [view], removed: [] });
    return ok(view);
  }

  /**
   * Ends the session that is being recorded and starts another one. `recordTo` redirects recording to the new
   * one: nothing may be open then.
   */
  async begin(recordTo: (log: SessionLog) => void): Promise<Result<SessionView>> {
    const ended = this.#live;
    if (this.#closed) return fail('closed', 'Could not start a new session', { hint: 'Wirebench is closing.' });
    if (ended.error) {
      const hint = 'Retry the recording or move it to another place first: what is not written yet would be lost.';
      return fail('wrong-state', 'Could not start a new session', { system: ended.error.system, hint });
    }
    const started = startSession(this.#options.folder, this.#options.appVersion);
    if (!started.ok) return started;
    this.#live = started.value;
    recordTo(this.#live);
    this.#adopt(this.#live);
    this.#open.delete(ended.id);
    const view = this.#view(this.#live);
    this.#options.emit({ kind: 'sessions', changed: [view], removed: [ended.id] });
    await this.#end(ended);
    return ok(view);
  }

  /** Ends a recording. Deletes its file if it has no records, unless the user named or moved it. */
  async #end(log: SessionLog): Promise<void> {
    await log.flush();
    const isEmpty = log.total === 0 && log.state === 'recording';
    await log.close();
    // It may have been named until it was closed.
    if (isEmpty && !log.isNamed && dirname(log.path) === this.#options.folder) await rm(log.path, { force: true });
  }

  async close(id: string): Promise<Result<Nothing>> {
    const session = this.get(id);
    if (!session.ok) return session;
    if (session.value === this.#live) {
      return fail('wrong-state', 'Could not close the session that is being recorded', {
        hint: 'Start a new session instead.',
      });
    }
    this.#open.delete(id);
    this.#notices.delete(id);
    for (const [source, made] of this.#sources) if (made === id) this.#sources.delete(source);
    await session.value.close();
    this.#options.emit({ kind: 'sessions', changed: [], removed: [id] });
    return ok({});
  }

  async rename(id: string, name: string): Promise<Result<SessionView>> {
    return this.#notify(await this.use(id, (session) => session.rename(name)));
  }

  /** Resumes recording after a failure. */
  async retry(id: string): Promise<Result<SessionView>> {
    const live = this.#recording(id, 'Could not resume recording');
    return live.ok ? this.#notify(await live.value.retry()) : live;
  }

  /** Moves the recording to the absolute `path`, where no file may exist. */
  async move(id: string, path: string, job: string): Promise<Result<SessionView>> {
    const live = this.#recording(id, `Could not move the session to “${path}”`);
    return live.ok ? this.#notify(await this.#options.jobs.run(job, (work) => live.value.move(path, work))) : live;
  }

  /** Runs an action with the session `id` if it is open. */
  async use<T>(id: string, action: (session: Session) => Promise<Result<T>>): Promise<Result<T>> {
    const session = this.get(id);
    return session.ok ? action(session.value) : session;
  }

  /** Runs long work with the session `id`, with progress and cancellation under the name `job`. */
  async work<T>(
    id: string,
    job: string | undefined,
    action: (session: Session, work: JobOptions) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const session = this.get(id);
    return session.ok ? this.#options.jobs.run(job, (work) => action(session.value, work)) : session;
  }

  /** Closes all sessions. Returns how many records of the recorded session are not in its file, if any. */
  async closeAll(): Promise<Failure | undefined> {
    this.#closed = true;
    this.#options.jobs.cancelAll();
    const opened = [...this.#open.values()].filter((session) => session !== this.#live);
    // The recording ends first, so that slow cancellations do not delay it.
    await Promise.all([
      this.#end(this.#live),
      ...opened.map((session) => session.close()),
      ...this.#opening.values(),
      ...this.#reframing,
    ]);
    this.#open.clear();
    return this.#live.loss;
  }

  #recording(id: string, tried: string): Result<SessionLog> {
    if (id === this.#live.id) return ok(this.#live);
    const hint = 'Only the session that is being recorded can be moved; save a copy of this one.';
    return fail('wrong-state', tried, { system: 'it is not being recorded', hint });
  }

  /** Notifies the pages of a session's new state, also if the session itself has not. */
  #notify(result: Result<SessionView>): Result<SessionView> {
    const session = result.ok ? this.#open.get(result.value.id) : undefined;
    if (!session) return result;
    const view = this.#view(session);
    this.#options.emit({ kind: 'sessions', changed: [view], removed: [] });
    return ok(view);
  }

  #view(session: Session): SessionView {
    const view = session.view();
    const notice = [this.#notices.get(session.id), view.notice].filter(Boolean).join(' ');
    return { ...view, notice };
  }

  #adopt(session: Session): void {
    const { emit } = this.#options;
    this.#open.set(session.id, session);
    session.onChange(() => {
      if (this.#open.has(session.id)) emit({ kind: 'sessions', changed: [this.#view(session)], removed: [] });
    });
    session.onQueries((statuses) => {
      emit({ kind: 'queries', changed: statuses.map((status) => ({ session: session.id, ...status })) });
    });
    session.onMarks((changed) => emit({ kind: 'marks', session: session.id, changed: [...changed] }));
  }
}
