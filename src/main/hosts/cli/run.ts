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
  /** The session file to create. */
  readonly record: string | undefined;
  /** Is called when recording has failed. The command then ends, because later records are lost. */
  readonly recordingFailed: () => void;
}

/** One run of `listen` or `send`: an engine whose records are printed and, with `--record`, written to a session file. */
export class Run {
  readonly engine: Engine;
  readonly #output: Output;
  readonly #session: SessionLog | undefined;
  readonly #recordingFailed: () => void;
  #reported: Failure | undefined;

  private constructor({ output, print, observer, recordingFailed }: RunOptions, session: SessionLog | undefined) {
    this.#recordingFailed = recordingFailed;
    this.#output = output;
    this.#session = session;
    this.engine = new Engine({
      log: new PrintingLog({ output, print, observer, session }),
      // A getter: the folder is needed only for a certificate.
      get folder() {
        return homeFolder();
      },
      readReplyFile: (path) => readReplyFile(resourcesFolder(), path),
    });
    session?.onChange(() => this.#reportFailure());
  }

  static async start(options: RunOptions): Promise<Result<Run>> {
    const recording = await startRecording(options.record);
    return recording.ok ? ok(new Run(options, recording.value)) : recording;
  }

  /** Closes the endpoints, ends the session file and flushes the output. Returns false if any of it failed. */
  async finish(): Promise<boolean> {
    const session = this.#session;
    await this.engine.stop();
    await session?.close();
    const loss = session?.loss;
    if (session) this.#reportOutcome(session);
    await this.#output.finish();
    if (this.#output.failure) reportFailure(this.#output.failure);
    return !this.#reported && !loss && !this.#output.failure;
  }

  /** Reports the first failure of recording immediately and ends the command. */
  #reportFailure(): void {
    const error = this.#session?.error;
    if (!error || this.#reported) return;
    this.#reported = error;
    reportFailure(error);
    this.#recordingFailed();
  }

  /** Reports, after a failure, whether the file is complete. */
  #reportOutcome({ loss, error, path }: SessionLog): void {
    if (loss) reportFailure(loss);
    else if (error && error !== this.#reported) reportFailure(error);
    else if (this.#reported && !error) note(`The session is complete in “${path}”.`);
    this.#reported ??= error;
  }
}
