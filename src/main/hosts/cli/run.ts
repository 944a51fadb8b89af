import { Engine } from '#engine/engine.ts';
import type { SessionLog } from '#session/session.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import { homeFolder } from '#workbench/home.ts';
import { readReplyFile } from '#workbench/reply-file.ts';
import type { Output } from './output.ts';
import { type Observer, PrintingLog, type RecordPrinter } from './printing-log.ts';
import { startRecording } from './recording.ts';
import { note, reportFailure } from './report.ts';
import { resourcesFolder } from './resources.ts';

export interface RunOptions {
  readonly output: Output;
  readonly print: RecordPrinter;
  readonly observer: Observer;
  /** The session file to make. */
  readonly record: string | undefined;
  /** Recording has failed: the job is to end, for what it does on is not kept. */
  readonly recordingFailed: () => void;
}

/** One job of the command line: an engine whose records are printed and, where wanted, kept in a session file. */
export class Run {
  readonly engine: Engine;
  readonly #output: Output;
  readonly #session: SessionLog | undefined;
  readonly #recordingFailed: () => void;
  #told: Failure | undefined;

  private constructor({ output, print, observer, recordingFailed }: RunOptions, session: SessionLog | undefined) {
    this.#recordingFailed = recordingFailed;
    this.#output = output;
    this.#session = session;
    this.engine = new Engine({
      log: new PrintingLog({ output, print, observer, session }),
      // Looked up when a certificate is wanted.
      get folder() {
        return homeFolder();
      },
      readReplyFile: (path) => readReplyFile(resourcesFolder(), path),
    });
    session?.onChange(() => this.#tellFailure());
  }

  static async start(options: RunOptions): Promise<Result<Run>> {
    const recording = await startRecording(options.record);
    return recording.ok ? ok(new Run(options, recording.value)) : recording;
  }

  /** Closes what is open, brings the session file to its end and the output to its reader. False where that failed. */
  async finish(): Promise<boolean> {
    const session = this.#session;
    await this.engine.stop();
    await session?.close();
    const loss = session?.loss;
    if (session) this.#tellOutcome(session);
    await this.#output.finish();
    if (this.#output.failure) reportFailure(this.#output.failure);
    return !this.#told && !loss && !this.#output.failure;
  }

  /** Says, once and at once, that recording has failed, and has the job ended. */
  #tellFailure(): void {
    const error = this.#session?.error;
    if (!error || this.#told) return;
    this.#told = error;
    reportFailure(error);
    this.#recordingFailed();
  }

  /** Says, after a failure, whether the file has all of the session. */
  #tellOutcome({ loss, error, path }: SessionLog): void {
    if (loss) reportFailure(loss);
    else if (error && error !== this.#told) reportFailure(error);
    else if (this.#told && !error) note(`The session is complete in “${path}”.`);
    this.#told ??= error;
  }
}
