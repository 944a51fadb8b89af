import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { onStopSignal } from '../stop-signal.ts';
import { checkConfig } from './config-check.ts';
import { type Delivered, deliver, isMessage } from './delivery.ts';
import { exitCodes } from './exit-codes.ts';
import { IncompleteNotes } from './incomplete-notes.ts';
import { deliverInput, splitOf } from './input-delivery.ts';
import type { InputPayload } from './input-source.ts';
import { Output } from './output.ts';
import { usualMode } from './output-mode.ts';
import { type Payload, readPayload } from './payload.ts';
import { createJsonPrinter } from './printers.ts';
import { ReplyPrinter } from './reply-printer.ts';
import { ReplyWait } from './reply-wait.ts';
import { note, refuse, reportFailure } from './report.ts';
import { Run } from './run.ts';
import { clientConfig, paceOf, type SendOptions } from './send-config.ts';
import { replyFailure, targetText } from './send-failures.ts';
import type { Target } from './target.ts';

/** Default of `--wait`. */
const defaultWaitMs = 1_000;

/** Runs `wirebench send`: connects, sends messages, prints the replies. Returns the exit code. */
export async function send(target: Target, options: SendOptions): Promise<number> {
  const failed = (error: Failure) => {
    reportFailure(error, options.verbose);
    return exitCodes.failed;
  };
  const config = await clientConfig(target, options);
  if (!config.ok) return failed(config.error);
  const checked = checkConfig(config.value);
  if (!checked.ok) return refuse(checked.error);
  const payload = await readPayload(options, splitOf(options, config.value));
  if (!payload.ok) return failed(payload.error);
  const job = new SendRun(config.value, options, payload.value);
  const error = await job.run();
  return error === 'done' ? exitCodes.done : error === 'failed' ? exitCodes.failed : failed(error);
}

/** One run of `send`. */
class SendRun {
  readonly #config: ClientConfig;
  readonly #options: SendOptions;
  readonly #payload: Payload | InputPayload | undefined;
  readonly #output = new Output();
  readonly #cancel = new AbortController();
  readonly #wait: ReplyWait;
  readonly #repeat: number;
  /** With `--reconnect`: a failure that would repeat on every connection. */
  #fatal: Failure | undefined;
  #run: Run | undefined;
  #socket: number | undefined;

  constructor(config: ClientConfig, options: SendOptions, payload: Payload | InputPayload | undefined) {
    this.#config = config;
    this.#options = options;
    const isSent = payload?.kind === 'input' || (payload && isMessage(payload, config, options.frame));
    this.#payload = isSent ? payload : undefined;
    this.#repeat = options.repeat ?? 1;
    this.#wait = new ReplyWait({
      expect: options.expect,
      waitMs: this.#waitMs,
      reconnects: options.reconnect !== undefined,
      isPaused: () => this.#output.congested,
      ready: (socket) => this.#ready(socket),
    });
  }

  /** True if only the peer or Ctrl+C ends the command, so that Ctrl+C is not a failure. */
  get #isEndless(): boolean {
    return this.#options.keepOpen === true || this.#repeat === Number.POSITIVE_INFINITY;
  }

  /** Maximum time without a reply; `undefined` for no limit. */
  get #waitMs(): number | undefined {
    const { wait, halfClose } = this.#options;
    return wait ?? (this.#isEndless || halfClose ? undefined : defaultWaitMs);
  }

  /** Runs the command. Returns `failed` for a failure that was reported already. */
  async run(): Promise<Failure | 'done' | 'failed'> {
    const { json, record, verbose = false } = this.#options;
    const output = this.#output;
    const mode = this.#options.output ?? usualMode(this.#config, output.isTerminal);
    const replies = new ReplyPrinter(output, { mode, verbose });
    const print = json ? createJsonPrinter() : replies.print;
    let unrecorded = false;
    const recordingFailed = () => {
      unrecorded = true;
      this.#end();
    };
    const started = await Run.start({ output, print, observer: this.#wait, record, recordingFailed });
    if (!started.ok) return started.error;
    this.#run = started.value;
    const { engine } = started.value;
    const notes = verbose ? new IncompleteNotes(engine) : undefined;
    const { id } = engine.create(this.#config);
    let interrupted = false;
    onStopSignal(() => {
      interrupted = true;
      this.#end();
      this.#reset();
      void engine.close(id);
    });
    output.onGone(() => this.#outputGone());

    const error = await this.#exchange(id);
    notes?.finish();
    await engine.close(id);
    replies.finish();
    const finished = await started.value.finish();
    // The reader of the output may close it early (`| head -1`).
    if (output.gone && !output.failure) return 'done';
    // The failure of the recording, which ended the command, was reported already.
    if (unrecorded) return 'failed';
    if (error) return error;
    if (interrupted && !(this.#isEndless && this.#wait.opened)) return 'failed';
    const failure = replyFailure(this.#config, this.#options, this.#wait);
    if (failure) return failure;
    this.#noteSilence();
    return finished ? 'done' : 'failed';
  }

  /** Notes that no reply was received, if the command waited for one. */
  #noteSilence(): void {
    if (!this.#waitMs) return;
    if (this.#wait.silent) note(`no reply within ${this.#waitMs} ms`);
    if (this.#wait.unanswered) note(`no reply: ${this.#wait.endReason}`);
  }

  /** Connects, sends and waits. */
  async #exchange(id: string): Promise<Failure | undefined> {
    const { engine } = this.#run as Run;
    const opened = await engine.open(id);
    if (this.#options.reconnect !== undefined) {
      // The next attempt may succeed, so this failure is only reported.
      if (!opened.ok && !this.#cancel.signal.aborted) reportFailure(opened.error, this.#options.verbose);
      this.#wait.begin();
      await this.#wait.done;
      return this.#fatal;
    }
    if (!opened.ok) return opened.error;
    const { socket } = opened.value;
    if (this.#repeat === Number.POSITIVE_INFINITY) this.#wait.begin();
    const delivered = await this.#deliver(socket);
    const error = this.#deliveryFailure(delivered);
    if (error) return error;
    this.#wait.begin();
    await this.#wait.done;
    this.#reset();
    return undefined;
  }

  /** Resets the connection if `--reset` is given. */
  #reset(): void {
    if (this.#options.reset && this.#socket !== undefined) this.#run?.engine.reset(this.#socket);
  }

  async #deliver(socket: number): Promise<Delivered> {
    const { engine } = this.#run as Run;
    const { frame, interval = 0, halfClose, ping } = this.#options;
    let delivered: Delivered = { messages: 0 };
    if (ping !== undefined) {
      const sent = engine.ping(socket, ping === true ? new Uint8Array(0) : ping);
      if (!sent.ok) return { ...delivered, error: sent.error };
    }
    if (this.#payload?.kind === 'input') {
      delivered = await deliverInput(engine, socket, {
        input: this.#payload,
        frame,
        pace: paceOf(this.#options),
        cancel: this.#cancel.signal,
        gone: this.#wait.gone,
        over: this.#wait.over,
        // Pipes end on their own; a user at a terminal would wait without knowing why.
        idleMs: this.#options.wait ?? (this.#payload.stream.isTTY ? defaultWaitMs : undefined),
        endReason: () => this.#wait.endReason,
      });
    } else if (this.#payload) {
      delivered = await deliver(engine, socket, {
        payload: this.#payload,
        frame,
        pace: paceOf(this.#options),
        repeat: this.#repeat,
        intervalMs: interval,
        cancel: this.#cancel.signal,
        // A peer that has sent FIN may still read all N messages, but `forever` must end.
        over: this.#repeat === Number.POSITIVE_INFINITY ? this.#wait.over : this.#wait.gone,
      });
    }
    if (halfClose && !delivered.error) engine.shutdown(socket);
    return delivered;
  }

  /** Sends the payload on a new connection; only with `--reconnect`. */
  #ready(socket: number): void {
    this.#socket = socket;
    if (this.#options.reconnect === undefined) return;
    setImmediate(async () => {
      const { error } = await this.#deliver(socket);
      // The end of a connection is not fatal. Any other failure would repeat on the next connection.
      if (!error || ['closed', 'reset', 'wrong-state', 'cancelled'].includes(error.code)) return;
      this.#fatal = error;
      this.#wait.end();
    });
  }

  /** Returns the failure of a delivery that ended early. */
  #deliveryFailure({ messages, error }: Delivered): Failure | undefined {
    if (this.#repeat === Number.POSITIVE_INFINITY) {
      // `forever` ends when the peer sends FIN, or at Ctrl+C.
      const isExpected = this.#cancel.signal.aborted || this.#wait.peerEnded;
      return isExpected ? undefined : error;
    }
    if (this.#repeat === 1 || messages === this.#repeat || !this.#payload || this.#cancel.signal.aborted) return error;
    const tried = `Only ${messages} of ${this.#repeat} messages were sent to ${targetText(this.#config)}`;
    const { code = 'closed', system = 'the connection ended', hint = '' } = error ?? {};
    return fail(code, tried, { system, hint }).error;
  }

  /** Handles the end of the output's reader. An input, which may never end, is not read further. */
  #outputGone(): void {
    if (this.#payload?.kind === 'input') this.#end();
    else this.#wait.end();
  }

  /** Ends the command and cancels sending. */
  #end(): void {
    this.#cancel.abort();
    this.#wait.end();
  }
}
