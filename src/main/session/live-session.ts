import { basename } from 'node:path';
import type { SessionView } from '#shared/contract/models.ts';
import type { Failure, Result } from '#shared/failure.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { BaseSession, type SessionAdditions } from './base-session.ts';
import { sessionClosed } from './format/failures.ts';
import { ReaderClient } from './query/reader-client.ts';
import { Recorder } from './record/recorder.ts';
import { RecordingState } from './record/recording-state.ts';
import { WriterClient } from './record/writer-client.ts';
import type { SessionLog } from './session.ts';
import type { JobOptions } from './threads.ts';

/** While the rate is not 0, it also changes without new records. */
const rateEveryMs = 250;

interface LiveStart {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** The size of the new file in bytes. */
  readonly length: number;
}

/** The session being recorded: composes recorder, writer and reader. */
export class LiveSession extends BaseSession implements SessionLog {
  readonly id: string;
  protected readonly reader: ReaderClient;
  readonly #recorder: Recorder;
  readonly #writer: WriterClient;
  readonly #state: RecordingState;
  #notice = '';
  #name: string;
  #renamed = false;

  constructor({ id, name, path, length }: LiveStart) {
    super();
    this.id = id;
    this.#name = name;
    this.#state = new RecordingState(path, length);
    this.#writer = new WriterClient(
      { path, length },
      {
        written: (...written) => this.#written(...written),
        failed: (...failed) => this.#failed(...failed),
        resumed: () => this.#resumed(),
        moved: (newPath) => this.#moved(newPath),
        mended: (newPath, lost) => this.#mended(newPath, lost),
        lost: (error) => this.#lost(error),
      },
    );
    this.#recorder = new Recorder(this.#writer);
    this.reader = new ReaderClient(
      { path, live: true },
      {
        changed: (view) => {
          this.#notice = view.notice;
          this.changes.changed();
        },
        queries: (statuses) => this.tellQueries(statuses),
      },
    );
    this.changes.listen(() => {
      if (this.rate > 0) this.changes.changed(rateEveryMs);
    });
  }

  get name(): string {
    return this.#name;
  }

  get path(): string {
    return this.#state.path;
  }

  get isNamed(): boolean {
    return this.#renamed;
  }

  get state(): SessionView['state'] {
    return this.#state.error ? 'failed' : 'recording';
  }

  get error(): Failure | undefined {
    return this.#state.error;
  }

  get notice(): string {
    return this.#state.notice(this.#notice);
  }

  get loss(): Failure | undefined {
    return this.#state.loss(this.#recorder);
  }

  get total(): number {
    return this.#state.total;
  }

  get bytes(): number {
    return this.#recorder.bytes;
  }

  get problems(): number {
    return this.#recorder.problems;
  }

  get rate(): number {
    return this.#state.rate.perSecond(performance.now());
  }

  get congested(): boolean {
    return this.#recorder.congested;
  }

  get stalled(): boolean {
    return this.#recorder.stalled;
  }

  protected get upTo(): number {
    return this.#state.length;
  }

  describe(info: SocketInfo): void {
    this.#recorder.describe(info);
  }

  event(socket: number, at: number, event: SocketEvent): number {
    return this.#recorder.event(socket, at, event);
  }

  messages(
    socket: number,
    direction: 'in' | 'out',
    at: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): number {
    return this.#recorder.messages(socket, direction, at, carryOver, bytes, boundaries);
  }

  read(socket: number, at: number, length: number): void {
    this.#recorder.read(socket, at, length);
  }

  skip(socket: number, direction: 'in' | 'out', length: number): void {
    this.#recorder.skip(socket, direction, length);
  }

  async move(path: string, job: JobOptions = {}): Promise<Result<SessionView>> {
    if (this.closing) return { ok: false, error: sessionClosed(this.#name) };
    const named = nameOfPath(this.path) === this.#name;
    this.#recorder.flush();
    const error = await this.#writer.ask({ kind: 'move', path }, job);
    if (error) return { ok: false, error };
    // A session named after its file is named after the new one.
    if (named) await this.writeBlocks({ settings: { name: nameOfPath(path) } });
    return { ok: true, value: this.view() };
  }

  async retry(): Promise<Result<SessionView>> {
    if (this.closing) return { ok: false, error: sessionClosed(this.#name) };
    this.#recorder.flush();
    const error = await this.#writer.ask({ kind: 'retry' });
    return error ? { ok: false, error } : { ok: true, value: this.view() };
  }

  protected async writeBlocks({ marks, settings }: SessionAdditions): Promise<Failure | undefined> {
    // The records of the marks come before them.
    this.#recorder.flush();
    if (marks) {
      const error = await this.#writer.ask({ kind: 'marks', marks });
      if (error) return error;
    }
    if (settings) {
      const error = await this.#writer.ask({ kind: 'settings', settings });
      if (error) return error;
      if (settings.name !== undefined) {
        this.#name = settings.name;
        this.#renamed = true;
      }
      this.changes.changed();
    }
    return undefined;
  }

  onDrain(listener: () => void): () => void {
    return this.#recorder.onDrain(listener);
  }

  async flush(): Promise<void> {
    this.#recorder.flush();
    await this.#writer.ask({ kind: 'flush' });
  }

  protected async finish(): Promise<void> {
    const recorder = this.#recorder;
    recorder.flush();
    // Notify again at the end, when the file is in the list of sessions.
    if (this.#renamed) await this.writeBlocks({ settings: { name: this.#name } });
    recorder.flush();
    const { next: records, messageCount: messages, bytes, problems } = recorder;
    recorder.stop();
    const { path } = this;
    await this.#writer.close({ records, messages, bytes, problems });
    this.#state.finish(path, { next: records, lost: recorder.lost });
  }

  #written(length: number, next: number, bytes: number, buffers: ArrayBuffer[]): void {
    this.#recorder.written(bytes, buffers);
    this.#state.written(length, next, this.#recorder.messageCount);
    this.changes.changed();
  }

  #failed(error: Failure, length: number, next: number): void {
    this.#state.failed(error, length, next);
    this.#recorder.fail();
    this.changes.changed();
  }

  #resumed(): void {
    this.#state.error = undefined;
    this.#recorder.recover();
    this.changes.changed();
  }

  #moved(path: string): void {
    this.#state.path = path;
    // Before the reader is asked for anything that is only in the new file.
    this.reader.moved(path);
    this.changes.changed();
  }

  #mended(path: string, lost: number): void {
    this.#state.mended(path, lost);
    this.reader.restart(path);
    this.changes.changed();
  }

  #lost(error: Failure): void {
    // The first failure is the cause; later ones are consequences.
    this.#state.error ??= error;
    this.#recorder.stop();
    this.changes.changed();
  }
}

/** Returns the name of a session that has only a file. */
function nameOfPath(path: string): string {
  return basename(path, '.wirebench');
}
