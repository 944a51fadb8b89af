import type { Failure, Result } from '#shared/contract/failure.ts';
import type { SessionView } from '#shared/contract/models.ts';
import type { Cuts } from '#shared/framing/cuts.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { BaseSession } from './base-session.ts';
import { RateMeter } from './rate-meter.ts';
import { ReaderClient } from './reader-client.ts';
import { Recorder } from './recorder.ts';
import type { SessionLog } from './session.ts';
import { WriterClient } from './writer-client.ts';

/** While the rate is not 0 it changes also when nothing comes. */
const rateEveryMs = 250;

export interface LiveStart {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** Bytes of the file that has just been made. */
  readonly length: number;
}

/** The session being recorded: recorder, writer and reader put together. */
export class LiveSession extends BaseSession implements SessionLog {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  protected readonly reader: ReaderClient;
  readonly #recorder: Recorder;
  readonly #writer: WriterClient;
  readonly #rate = new RateMeter();
  #ratedMessages = 0;
  #length: number;
  #total = 0;
  #error: Failure | undefined;
  #notice = '';

  constructor({ id, name, path, length }: LiveStart) {
    super();
    this.id = id;
    this.name = name;
    this.path = path;
    this.#length = length;
    this.#writer = new WriterClient(
      { path, length },
      {
        written: (fileLength, next, bytes, buffers) => this.#written(fileLength, next, bytes, buffers),
        failed: (error, fileLength, next) => this.#failed(error, fileLength, next),
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
        filters: (statuses) => this.tellFilters(statuses),
      },
    );
    this.changes.listen(() => {
      if (this.rate > 0) this.changes.changed(rateEveryMs);
    });
  }

  get state(): SessionView['state'] {
    return this.#error ? 'failed' : 'recording';
  }

  get error(): Failure | undefined {
    return this.#error;
  }

  get notice(): string {
    return this.#notice;
  }

  get total(): number {
    return this.#total;
  }

  get bytes(): number {
    return this.#recorder.bytes;
  }

  get problems(): number {
    return this.#recorder.problems;
  }

  get rate(): number {
    return this.#rate.perSecond(performance.now());
  }

  get congested(): boolean {
    return this.#recorder.congested;
  }

  protected get upTo(): number {
    return this.#length;
  }

  describe(info: SocketInfo): void {
    this.#recorder.describe(info);
  }

  event(socket: number, at: number, event: SocketEvent): number {
    return this.#recorder.event(socket, at, event);
  }

  run(socket: number, direction: 'in' | 'out', at: number, held: Uint8Array, bytes: Uint8Array, cuts: Cuts): number {
    return this.#recorder.run(socket, direction, at, held, bytes, cuts);
  }

  read(socket: number, at: number, length: number): void {
    this.#recorder.read(socket, at, length);
  }

  async move(): Promise<Result<SessionView>> {
    return { ok: false, error: { code: 'unsupported', message: 'not there yet', system: '', hint: '' } };
  }

  async retry(): Promise<Result<SessionView>> {
    return { ok: false, error: { code: 'unsupported', message: 'not there yet', system: '', hint: '' } };
  }

  protected async writeBlocks(): Promise<Failure | undefined> {
    return { code: 'unsupported', message: 'not there yet', system: '', hint: '' };
  }

  onDrain(listener: () => void): () => void {
    return this.#recorder.onDrain(listener);
  }

  async flush(): Promise<void> {
    this.#recorder.flush();
    await this.#writer.flush();
  }

  protected async finish(): Promise<void> {
    const recorder = this.#recorder;
    recorder.flush();
    const { next: records, messages, bytes, problems } = recorder;
    recorder.stop();
    await this.#writer.close({ records, messages, bytes, problems });
  }

  #written(length: number, next: number, bytes: number, buffers: ArrayBuffer[]): void {
    this.#length = length;
    this.#total = next;
    this.#recorder.written(bytes, buffers);
    this.#rate.add(this.#recorder.messages - this.#ratedMessages, performance.now());
    this.#ratedMessages = this.#recorder.messages;
    this.changes.changed();
  }

  #failed(error: Failure, length: number, next: number): void {
    // The first failure is the cause; what follows it is not.
    this.#error ??= error;
    this.#length = length;
    this.#total = next;
    this.#recorder.stop();
    this.changes.changed();
  }
}
