import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { ProgramView } from '#shared/contract/models.ts';
import type { LogSink } from '#shared/record/record.ts';
import { nextPoll, TraceChannel } from './channel.ts';
import { type JoinRequest, joinAddress, maxJoinLength, readJoinRequest } from './join.ts';
import { settledMs, TraceRecorder, wallNow } from './trace-recorder.ts';

/** The maximum number of programs that are followed at a time, and of ended ones that stay listed. */
const maxTraces = 100;
const keptEnded = 20;

/** How often changes of a running program are reported, in milliseconds. */
const reportedEveryMs = 100;

/** The session that is recorded now. */
interface RecordedSession {
  readonly log: LogSink;
  readonly name: string;
}

interface ProgramsOptions {
  /** The app's data folder, in which the socket is. */
  readonly home: string;
  readonly session: () => RecordedSession;
  readonly nextSocketId: () => number;
  /** Is called with the programs that have changed, and the ids of those that are no longer listed. */
  readonly changed: (changed: readonly ProgramView[], removed: readonly string[]) => void;
}

/** The programs that `wirebench trace` handed to the app: reads their calls and records them in the app's session. */
export class Programs {
  readonly #options: ProgramsOptions;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  readonly #traces = new Set<Promise<void>>();
  readonly #views = new Map<string, ProgramView>();
  /** The ended programs of running traces that are no longer listed. */
  readonly #cleared = new Set<string>();
  #recorder: TraceRecorder | undefined;
  #isClosing = false;

  private constructor(options: ProgramsOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true }, (connection) => this.#accept(connection));
  }

  /**
   * Listens for `wirebench trace`. Where another app of this user listens already, programs are handed to that one. Where the
   * system cannot listen, no program joins: the command then prints the calls itself.
   */
  static async start(options: ProgramsOptions): Promise<Programs> {
    const programs = new Programs(options);
    const address = joinAddress(options.home);
    if (!(await answers(address))) await programs.#listen(address);
    return programs;
  }

  /** The programs, the oldest first. */
  views(): ProgramView[] {
    return [...this.#views.values()];
  }

  /** True while a program is followed: its next records belong to the current session. */
  get busy(): boolean {
    return this.#traces.size > 0;
  }

  /** Stops following, and ends the records of every program. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(this.#traces);
  }

  async #listen(address: string): Promise<void> {
    // A socket that nobody answers was left by an app that was killed.
    if (process.platform !== 'win32') await rm(address, { force: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.on('error', () => resolve());
    this.#server.listen(address, () => resolve());
    await promise;
    if (process.platform !== 'win32' && this.#server.listening) await chmod(address, 0o600);
    this.#server.unref();
  }

  #accept(connection: Socket): void {
    if (this.#isClosing || this.#connections.size >= maxTraces) {
      connection.destroy();
      return;
    }
    this.#connections.add(connection);
    let received = '';
    connection.setEncoding('utf8');
    connection.on('error', () => connection.destroy());
    connection.on('close', () => this.#connections.delete(connection));
    const take = (text: string) => {
      received += text;
      const end = received.indexOf('\n');
      if (end < 0 && received.length <= maxJoinLength) return;
      connection.off('data', take);
      connection.resume();
      const request = end < 0 ? undefined : readJoinRequest(received.slice(0, end));
      if (request) this.#join(connection, request);
      else connection.destroy();
    };
    connection.on('data', take);
  }

  #join(connection: Socket, request: JoinRequest): void {
    const followed = this.#follow(connection, request).finally(() => {
      this.#traces.delete(followed);
      connection.destroy();
    });
    this.#traces.add(followed);
  }

  /** Reads and records the calls of one trace until the command says that its program has ended. */
  async #follow(connection: Socket, { folder, command }: JoinRequest): Promise<void> {
    const channel = await TraceChannel.adopt(folder);
    if (!channel.ok) {
      connection.end(`${JSON.stringify({ refused: channel.error.system })}\n`);
      return;
    }
    const { log, name } = this.#options.session();
    const recorder = this.#recorderTo(log);
    connection.write(`${JSON.stringify({ pid: process.pid, session: name })}\n`);
    let isEnded = false;
    let shownAt = 0;
    for (const event of ['end', 'close']) {
      connection.once(event, () => {
        isEnded = true;
      });
    }
    for (;;) {
      // What the program wrote last is read after it has ended.
      const isLast = isEnded || this.#isClosing;
      const { batches } = await channel.value.take();
      await recorder.record(batches, wallNow());
      if (performance.now() - shownAt >= reportedEveryMs) {
        shownAt = performance.now();
        this.#show(recorder, channel.value, command);
      }
      while (log.congested && !this.#isClosing) await nextPoll();
      if (isLast) break;
      await nextPoll();
    }
    // Of other programs, earlier calls may still follow.
    const endedAt = wallNow();
    while (wallNow() < endedAt + settledMs) await nextPoll();
    await recorder.record([], wallNow());
    this.#show(recorder, channel.value, command, true);
    await recorder.finish(channel.value.processes, wallNow());
    await channel.value.close();
  }

  /** Returns the recorder of all programs, whose records are then in the order of time. */
  #recorderTo(log: LogSink): TraceRecorder {
    if (this.#recorder?.log !== log) {
      this.#recorder = new TraceRecorder({ log, nextSocketId: this.#options.nextSocketId });
    }
    return this.#recorder;
  }

  /** Removes the programs that have ended from the list. */
  clear(): void {
    const removed = this.views().flatMap(({ id, state }) => (state === 'ended' ? [id] : []));
    for (const id of removed) {
      this.#views.delete(id);
      this.#cleared.add(id);
    }
    if (removed.length > 0) this.#options.changed([], removed);
  }

  #show(recorder: TraceRecorder, { processes }: TraceChannel, command: readonly string[], isLast = false): void {
    const changed: ProgramView[] = [];
    for (const { id, name, pid, hasExited, sockets, connections, waitsIn } of recorder.programsOf(processes)) {
      const state = isLast || hasExited ? 'ended' : 'running';
      const known = this.#views.get(id);
      if (state === 'running') this.#cleared.delete(id);
      else if (this.#cleared.has(id)) continue;
      const facts =
        state === 'ended'
          ? { sockets: 0, connections: [], waitsIn: '' }
          : { sockets, connections: [...connections], waitsIn };
      const view: ProgramView = { id, name, pid, command: [...command], state, ...facts };
      if (known && isSameView(known, view)) continue;
      this.#views.set(id, view);
      changed.push(view);
    }
    if (changed.length === 0) return;
    const ended = this.views().filter((view) => view.state === 'ended');
    const removed = ended.slice(0, -keptEnded).map(({ id }) => id);
    for (const id of removed) this.#views.delete(id);
    this.#options.changed(changed, removed);
  }
}

function isSameView(one: ProgramView, other: ProgramView): boolean {
  const ends = ({ connections }: ProgramView) => connections.map(({ local, peer }) => `${local} ${peer}`).join();
  if (ends(one) !== ends(other)) return false;
  return (['name', 'state', 'sockets', 'waitsIn'] as const).every((field) => one[field] === other[field]);
}

/** Returns true if something answers at the address. */
function answers(address: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = createConnection(address);
  connection.on('connect', () => resolve(true));
  connection.on('error', () => resolve(false));
  return promise.finally(() => connection.destroy());
}
