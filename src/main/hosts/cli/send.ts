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

/** How long a reply is waited for where nothing else is said. Milliseconds. */
const defaultWaitMs = 1_000;

/** `wirebench send`: connects, sends messages, prints what comes back. Gives the exit code. */
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
  const job = new Sending(config.value, options, payload.value);
  const error = await job.run();
  return error === 'done' ? exitCodes.done : error === 'failed' ? exitCodes.failed : failed(error);
}

/** One run of `send`. */
class Sending {
  readonly #config: ClientConfig;
  readonly #options: SendOptions;
  readonly #payload: Payload | InputPayload | undefined;
  readonly #output = new Output();
  readonly #cancel = new AbortController();
  readonly #wait: ReplyWait;
  readonly #repeat: number;
  /** With `--reconnect`: why the job cannot go on, whatever connection there is. */
  #hopeless: Failure | undefined;
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
      held: () => this.#output.congested,
      ready: (socket) => this.#ready(socket),
    });
  }

  /** It ends when the peer or Ctrl+C ends it: the latter is no failure then. */
  get #stays(): boolean {
    return this.#options.keepOpen === true || this.#repeat === Number.POSITIVE_INFINITY;
  }

  /** How long a reply is waited for; without end where it is not there. Milliseconds. */
  get #waitMs(): number | undefined {
    const { wait, halfClose } = this.#options;
    return wait ?? (this.#stays || halfClose ? undefined : defaultWaitMs);
  }

  /** Runs to the end; a failure that has been told is `failed`. */
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
    // A reader that has all it wants (`| head -1`) has not been failed.
    if (output.gone && !output.failure) return 'done';
    // What came of the job when it had to end early is no news: why it had to was told.
    if (unrecorded) return 'failed';
    if (error) return error;
    if (interrupted && !(this.#stays && this.#wait.opened)) return 'failed';
    const failure = replyFailure(this.#config, this.#options, this.#wait);
    if (failure) return failure;
    this.#noteSilence();
    return finished ? 'done' : 'failed';
  }

  /** Says that no reply came, where one was waited for. */
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
      // What failed once may not fail again; each attempt is told.
      if (!opened.ok && !this.#cancel.signal.aborted) reportFailure(opened.error, this.#options.verbose);
      this.#wait.begin();
      await this.#wait.done;
      return this.#hopeless;
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

  /** Ends the connection with RST, where that is wanted. */
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
        // A pipe ends; a person at a terminal would not see why nothing ends.
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
        // Who ended only its side may still want all N; for ever nobody does.
        over: this.#repeat === Number.POSITIVE_INFINITY ? this.#wait.over : this.#wait.gone,
      });
    }
    if (halfClose && !delivered.error) engine.shutdown(socket);
    return delivered;
  }

  /** With `--reconnect`, each connection begins with what is to be sent. */
  #ready(socket: number): void {
    this.#socket = socket;
    if (this.#options.reconnect === undefined) return;
    setImmediate(async () => {
      const { error } = await this.#deliver(socket);
      // With the connection ends what was sent on it; anything else would fail on the next one, too.
      if (!error || ['closed', 'reset', 'wrong-state', 'cancelled'].includes(error.code)) return;
      this.#hopeless = error;
      this.#wait.end();
    });
  }

  /** What is to be told of a delivery that ended before its time. */
  #deliveryFailure({ messages, error }: Delivered): Failure | undefined {
    if (this.#repeat === Number.POSITIVE_INFINITY) {
      // That it ends with the connection, or at Ctrl+C, is what was asked for.
      const asked = this.#cancel.signal.aborted || this.#wait.peerEnded;
      return asked ? undefined : error;
    }
    if (this.#repeat === 1 || messages === this.#repeat || !this.#payload || this.#cancel.signal.aborted) return error;
    const tried = `Only ${messages} of ${this.#repeat} messages were sent to ${targetText(this.#config)}`;
    const { code = 'closed', system = 'the connection ended', hint = '' } = error ?? {};
    return fail(code, tried, { system, hint }).error;
  }

  /** Nobody reads the replies any more. An input may go on for ever: it is not sent to its end. */
  #outputGone(): void {
    if (this.#payload?.kind === 'input') this.#end();
    else this.#wait.end();
  }

  /** Ends the job: what is on its way is called off. */
  #end(): void {
    this.#cancel.abort();
    this.#wait.end();
  }
}
