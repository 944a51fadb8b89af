import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refuseStandardStream } from '#session/exports/standard-streams.ts';
import type { ReframeInput } from '#session/reframing/reframe.ts';
import type { Session, SessionLog } from '#session/session.ts';
import type { TaskOptions } from '#session/task.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { SessionView } from '#shared/contract/models.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { fileIdentity, fileVersion } from './file-identity.ts';
import { type OpenedFile, openFile, reframeFile } from './open-file.ts';
import { startSession } from './start-session.ts';
import type { OpenFiles } from './stored-sessions.ts';
import type { Tasks } from './tasks.ts';

interface SessionsOptions {
  readonly live: SessionLog;
  /** Where new and imported sessions are made. */
  readonly folder: string;
  readonly appVersion: string;
  readonly emit: (event: WorkbenchEvent) => void;
  readonly tasks: Tasks;
}

type Nothing = Record<string, never>;

/** The sessions that are open: the one being recorded, and files that were opened. */
export class Sessions {
  readonly #options: SessionsOptions;
  #live: SessionLog;
  readonly #open = new Map<string, Session>();
  /** What of an imported file could not be taken, by session. */
  readonly #notices = new Map<string, string>();
  /** The sessions that captures and JSON lines were made into, by the version of the file that was read. */
  readonly #sources = new Map<string, string>();
  /** Files that are being opened, by identity: who asks for one again waits for the same. */
  readonly #opening = new Map<string, Promise<Result<SessionView>>>();
  /** Sessions that are being made of others. */
  readonly #reframing = new Set<Promise<unknown>>();
  #closed = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#live = options.live;
    this.#adopt(options.live);
  }

  views(): SessionView[] {
    return [...this.#open.values()].map((session) => this.#view(session));
  }

  get(id: string): Result<Session> {
    const session = this.#open.get(id);
    return session ? ok(session) : fail('not-found', `There is no open session “${id}”`, { hint: 'Open its file.' });
  }

  /** The open sessions by the identity of the files that their paths lead to now. */
  async files(): Promise<OpenFiles> {
    const files = new Map<string, Session>();
    for (const session of this.#open.values()) {
      const identity = await fileIdentity(session.path);
      if (identity !== undefined) files.set(identity, session);
    }
    return files;
  }

  /**
   * Opens a session file, or makes a session of a capture or of JSON lines and opens that. A file that is open already
   * is answered with its session, whatever path leads to it.
   */
  async open(path: string, task: string | undefined): Promise<Result<SessionView>> {
    const refused = refuseStandardStream(path);
    if (refused) return { ok: false, error: refused };
    const [identity, version] = await Promise.all([fileIdentity(path), fileVersion(path)]);
    if (identity === undefined) return this.#openNew(path, undefined, task);
    const known = (await this.files()).get(identity) ?? this.#open.get(this.#sources.get(version ?? '') ?? '');
    if (known) return ok(this.#view(known));
    const opening = this.#opening.get(identity) ?? this.#openNew(path, version, task);
    this.#opening.set(identity, opening);
    return opening.finally(() => this.#opening.delete(identity));
  }

  async #openNew(path: string, version: string | undefined, task: string | undefined): Promise<Result<SessionView>> {
    const { folder, appVersion } = this.#options;
    const opened = await this.#options.tasks.run(task, (work) => openFile(path, folder, appVersion, work));
    const view = await this.#adoptOpened(opened);
    if (view.ok && version !== undefined && view.value.path !== path) this.#sources.set(version, view.value.id);
    return view;
  }

  /** Makes a session in which streams of another one are cut by another framing, and opens it. */
  reframe(
    id: string,
    { framing, sockets, endpoint }: Pick<ReframeInput, 'framing' | 'sockets' | 'endpoint'>,
    task: string,
  ): Promise<Result<SessionView>> {
    const { folder, appVersion } = this.#options;
    const job = this.work(id, task, async (session, work) => {
      // What was on screen when it was asked for is in the new session.
      await session.flush();
      return reframeFile(session, { framing, sockets, endpoint, folder, appVersion }, work);
    });
    const reframing = job.then((opened) => this.#adoptOpened(opened));
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
   * Ends the session that is being recorded and starts another one. `recordTo` has what happens from now on recorded
   * there: nothing may be open then.
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

  /** Ends a recording. One in which nothing happened leaves no file behind, unless the user named it or moved it elsewhere. */
  async #end(log: SessionLog): Promise<void> {
    await log.flush();
    const isEmpty = log.total === 0 && log.state === 'recording';
    await log.close();
    // It may have got its name until it was closed.
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
    return this.#tell(await this.use(id, (session) => session.rename(name)));
  }

  /** Records on where recording has failed. */
  async retry(id: string): Promise<Result<SessionView>> {
    const live = this.#recording(id, 'Could not record on');
    return live.ok ? this.#tell(await live.value.retry()) : live;
  }

  /** Records on in another place, in the file at the absolute `path`, which is not there yet. */
  async move(id: string, path: string, task: string): Promise<Result<SessionView>> {
    const live = this.#recording(id, `Could not move the session to “${path}”`);
    return live.ok ? this.#tell(await this.#options.tasks.run(task, (work) => live.value.move(path, work))) : live;
  }

  /** Does something with the session `id`, where it is open. */
  async use<T>(id: string, action: (session: Session) => Promise<Result<T>>): Promise<Result<T>> {
    const session = this.get(id);
    return session.ok ? action(session.value) : session;
  }

  /** Runs long work with the session `id`: its progress is told as `task`, by which it can be cancelled. */
  async work<T>(
    id: string,
    task: string | undefined,
    job: (session: Session, work: TaskOptions) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const session = this.get(id);
    return session.ok ? this.#options.tasks.run(task, (work) => job(session.value, work)) : session;
  }

  /** Gives how many records of the session that was recorded are not in its file, if any. */
  async closeAll(): Promise<Failure | undefined> {
    this.#closed = true;
    this.#options.tasks.cancelAll();
    const opened = [...this.#open.values()].filter((session) => session !== this.#live);
    // The recording ends first of all: nothing that is slow to be called off delays it.
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

  /** Tells the pages what became of a session, also where it told nothing itself. */
  #tell(result: Result<SessionView>): Result<SessionView> {
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
