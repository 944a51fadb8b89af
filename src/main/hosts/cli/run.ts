import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Engine } from '#engine/engine.ts';
import type { SessionLog } from '#session/session.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { SocketView } from '#shared/contract/models.ts';
import { type Failure, ok, type Result } from '#shared/failure.ts';
import { incompleteText } from '#shared/framing/frame-faults.ts';
import { readReplyFile } from '#workbench/samples.ts';
import { homeFolder, version } from '#workbench/workbench.ts';
import { note, type Output, reportFailure } from './output.ts';
import { type Observer, PrintingLog, type RecordPrinter } from './printing-log.ts';

interface RunOptions {
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

/** Creates the session file of `--record`; `undefined` without the option. Does not overwrite an existing file. */
export async function startRecording(path: string | undefined): Promise<Result<SessionLog | undefined>> {
  if (path === undefined) return ok(undefined);
  const { createSessionLog } = await import('#session/session-log.ts');
  const created = createSessionLog({ path: resolve(path), name: basename(path, '.wirebench'), appVersion: version });
  // Waits for the writer to run, so that later records reach the file even if this process is killed.
  if (created.ok) await created.value.flush();
  return created;
}

/** Finds the folder of the files that ship with Wirebench, from the sources as well as from a build. */
export function resourcesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'resources', 'samples')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'resources');
}

/** Reports on the error output messages that stay incomplete for a second, each once. */
export class IncompleteNotes {
  readonly #engine: Engine;
  readonly #reported = new Set<number>();

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.subscribe((event) => {
      if (event.kind !== 'sockets') return;
      for (const id of event.removed) this.#reported.delete(id);
      for (const socket of event.changed) {
        if (socket.incomplete?.overdue) this.#report(socket);
        else this.#reported.delete(socket.id);
      }
    });
  }

  /** Reports all messages that are still incomplete. Call it at the end of the command. */
  finish(): void {
    for (const socket of this.#engine.snapshot().sockets) if (socket.incomplete) this.#report(socket);
  }

  #report({ id, peer, incomplete }: SocketView): void {
    if (!incomplete || this.#reported.has(id)) return;
    this.#reported.add(id);
    note(`${showControls(peer)}: ${incompleteText(incomplete)}`);
  }
}
