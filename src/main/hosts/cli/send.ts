import type { Engine } from '#engine/engine.ts';
import { Exchange, type ExchangeOptions } from '#jobs/exchange.ts';
import { ReplyWait } from '#jobs/reply-wait.ts';
import { engineSender, type Sender } from '#jobs/sender.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import { onStopSignal } from '../terminal.ts';
import type { Target } from './arguments.ts';
import { checkConfig, clientConfig, paceOf, type SendOptions } from './endpoint-config.ts';
import type { InputPayload, Payload } from './input.ts';
import type { ListSends } from './list-sends.ts';
import { countOf, exitCodes, note, Output, refuse, reportFailure, showProgress } from './output.ts';
import { inputOf, isMessage, type ListPayload, readPayload } from './payload.ts';
import { createJsonPrinter, ReplyPrinter, usualMode } from './printers.ts';
import { RenderedSends } from './rendered-sends.ts';
import { IncompleteNotes, Run } from './run.ts';

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
  const payload = await readPayload(options, config.value);
  if (!payload.ok) return failed(payload.error);
  const job = new SendRun(config.value, options, payload.value);
  const error = await job.run();
  if (payload.value?.kind === 'list') await payload.value.list.close();
  return typeof error === 'string' ? exitCodes[error] : failed(error);
}

/** One run of `send`. */
class SendRun {
  readonly #config: ClientConfig;
  readonly #options: SendOptions;
  readonly #payload: Payload | InputPayload | undefined;
  readonly #list: ListSends | undefined;
  readonly #output = new Output();
  readonly #wait: ReplyWait;
  readonly #repeat: number;
  readonly #rendered: RenderedSends | undefined;
  #exchange: Exchange | undefined;

  constructor(config: ClientConfig, options: SendOptions, payload: Payload | InputPayload | ListPayload | undefined) {
    this.#config = config;
    this.#options = options;
    this.#list = payload?.kind === 'list' ? payload.list : undefined;
    this.#rendered = payload?.kind === 'rendered' ? new RenderedSends(config, payload) : undefined;
    this.#payload = sentPayload(payload, config, options.frame);
    this.#repeat = this.#list?.isEndless ? Number.POSITIVE_INFINITY : (options.repeat ?? 1);
    this.#wait = new ReplyWait({
      expect: options.expect,
      waitMs: this.#waitMs,
      reconnects: options.reconnect !== undefined,
      isPaused: () => this.#output.congested,
      ready: (socket) => this.#exchange?.ready(socket),
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

  /** Runs the command. Returns `failed` for a failure that was reported already, `interrupted` for a list that Ctrl+C has ended. */
  async run(): Promise<Failure | 'done' | 'failed' | 'interrupted'> {
    const { json, record, verbose = false } = this.#options;
    const output = this.#output;
    const mode = this.#options.output ?? usualMode(this.#config, output.isTerminal);
    const replies = new ReplyPrinter(output, { mode, verbose });
    const printer = json ? createJsonPrinter() : replies.print;
    const print = (this.#list ?? this.#rendered)?.watching(printer) ?? printer;
    let unrecorded = false;
    const recordingFailed = () => {
      unrecorded = true;
      this.#end();
    };
    const started = await Run.start({ output, print, observer: this.#wait, record, recordingFailed });
    if (!started.ok) return started.error;
    const { engine } = started.value;
    const notes = verbose ? new IncompleteNotes(engine) : undefined;
    const { id } = engine.create(this.#config);
    const exchange = new Exchange(this.#exchangeOptions(engine, id));
    this.#exchange = exchange;
    let interrupted = false;
    onStopSignal(() => {
      interrupted = true;
      this.#end();
      exchange.reset();
      // A peer that reads nothing is not waited for as long as when the user closes the connection.
      void engine.stop();
    });
    output.onGone(() => this.#outputGone());

    const error = await exchange.run();
    notes?.finish();
    await engine.close(id);
    replies.finish();
    const finished = await started.value.finish();
    // The reader of the output may close it early (`| head -1`).
    if (output.gone && !output.failure) return 'done';
    // The failure of the recording, which ended the command, was reported already.
    if (unrecorded) return 'failed';
    const ended = this.#ended(error, interrupted);
    if (ended) return ended;
    this.#noteSilence();
    return finished ? 'done' : 'failed';
  }

  /** Returns how the command ended without success. Says how much of a list was sent at Ctrl+C. */
  #ended(error: Failure | undefined, interrupted: boolean): Failure | 'failed' | 'interrupted' | undefined {
    if (interrupted && this.#list) {
      const { sent } = this.#list;
      note(`${countOf(sent, 'message')} of the send list ${sent === 1 ? 'was' : 'were'} sent`);
      if (!this.#isEndless) return 'interrupted';
    }
    if (error) return error;
    if (interrupted && !(this.#isEndless && this.#wait.opened)) return 'failed';
    return replyFailure(this.#config, this.#options, this.#wait);
  }

  /** Notes that no reply was received, if the command waited for one. */
  #noteSilence(): void {
    if (!this.#waitMs) return;
    if (this.#wait.silent) note(`no reply within ${this.#waitMs} ms`);
    if (this.#wait.unanswered) note(`no reply: ${this.#wait.endReason}`);
  }

  #exchangeOptions(engine: Engine, id: string): ExchangeOptions {
    const { frame, interval = 0, halfClose, reset, reconnect, ping, verbose } = this.#options;
    const progress = showProgress();
    return {
      link: {
        open: () => engine.open(id),
        ...this.#sender(engine),
        ping: (socket, payload) => engine.ping(socket, payload),
        shutdown: (socket) => engine.shutdown(socket),
        reset: (socket) => engine.reset(socket),
      },
      wait: this.#wait,
      peer: targetText(this.#config),
      payload: this.#sentPayload(engine, progress.onCount),
      request: {
        frame: frame && !this.#isFramed,
        pace: paceOf(this.#options),
        progress: this.#isBatched ? undefined : progress.onProgress,
      },
      repeat: this.#repeat,
      intervalMs: interval,
      ping: ping === true ? new Uint8Array(0) : ping,
      halfClose: halfClose === true,
      resets: reset === true,
      reconnects: reconnect !== undefined,
      sent: progress.end,
      retrying: (failure) => reportFailure(failure, verbose),
    };
  }

  /** True if messages are sent in batches, so that there is no progress of each of them. */
  get #isBatched(): boolean {
    const kind = this.#payload?.kind;
    return this.#repeat > 1 && (kind === 'bytes' || (kind === 'rendered' && !this.#rendered?.isSingle));
  }

  #sender(engine: Engine): Sender {
    const rendered = this.#rendered;
    if (!rendered) return engineSender(engine);
    const send: Sender['send'] = (sockets, request) => rendered.send(engine, sockets, request);
    if (rendered.isSingle) return { send };
    return { send, sendBatch: (sockets, request, count) => rendered.sendBatch(engine, sockets, request, count) };
  }

  /** True if the bytes of the payload have their framing. */
  get #isFramed(): boolean {
    const payload = this.#payload;
    return (payload?.kind === 'bytes' || payload?.kind === 'rendered') && payload.isFramed === true;
  }

  #sentPayload(engine: Engine, counted: (sent: number) => void): ExchangeOptions['payload'] {
    const list = this.#list;
    if (list) return { kind: 'series', deliver: (socket, stop) => list.deliver(engine, socket, stop, counted) };
    const payload = this.#payload;
    if (!payload) return undefined;
    // The link renders the bytes of each message.
    if (payload.kind === 'rendered') return { kind: 'message', content: { bytes: new Uint8Array(0) } };
    if (payload.kind !== 'input') {
      return { kind: 'message', content: payload.kind === 'file' ? { file: payload.file } : { bytes: payload.bytes } };
    }
    // Pipes end on their own; a user at a terminal would wait without knowing why.
    const idleMs = this.#options.wait ?? (payload.stream.isTTY ? defaultWaitMs : undefined);
    return { kind: 'input', input: inputOf(payload), idleMs };
  }

  /** Handles the end of the output's reader. An input, which may never end, is not read further. */
  #outputGone(): void {
    if (this.#payload?.kind === 'input') this.#end();
    else this.#wait.end();
  }

  /** Ends the command and cancels sending. */
  #end(): void {
    if (this.#exchange) this.#exchange.end();
    else this.#wait.end();
  }
}

/** Returns the payload if there is something to send. */
function sentPayload(
  payload: Payload | InputPayload | ListPayload | undefined,
  config: ClientConfig,
  frame: boolean,
): Payload | InputPayload | undefined {
  if (!payload || payload.kind === 'list') return undefined;
  return payload.kind === 'input' || isMessage(payload, config, frame) ? payload : undefined;
}

/** Returns the address of the peer, for messages. */
function targetText({ transport, host, port, path }: ClientConfig): string {
  return transport === 'local' ? path : formatHostPort(host, port);
}

/** Returns the failure of the wait for replies, or `undefined` after a success. */
function replyFailure(config: ClientConfig, options: SendOptions, wait: ReplyWait): Failure | undefined {
  const peer = targetText(config);
  if (wait.failed) {
    const { call, errno, text } = wait.failed;
    const known = lookUpErrno(errno);
    const system = systemAnswer(call, errno, text || undefined);
    return fail(known.code, `The connection to ${peer} failed`, { system, hint: known.hint }).error;
  }
  if (wait.limited !== undefined) {
    const hint = 'Allow more time with --idle or --first-byte.';
    return fail('timed-out', `The connection to ${peer} ended`, { system: wait.limited, hint }).error;
  }
  return unmetExpectation(peer, options, wait);
}

function unmetExpectation(peer: string, options: SendOptions, wait: ReplyWait): Failure | undefined {
  if (wait.enough) return undefined;
  const message = `Expected ${options.expect} messages from ${peer}, received ${wait.count}`;
  if (wait.peerEnded) {
    const hint = 'Check what the peer sends, and whether --framing splits it as intended.';
    return fail('closed', message, { system: 'the peer sent FIN', hint }).error;
  }
  if (options.keepOpen || options.repeat === Number.POSITIVE_INFINITY || (options.halfClose && !options.wait)) {
    const system = 'the connection was closed first';
    return fail('closed', message, { system, hint: 'Give the peer more time.' }).error;
  }
  const hint = 'Wait longer with --wait, or check whether --framing splits the replies as intended.';
  return fail('timed-out', message, { system: `no message for ${options.wait ?? 1_000} ms`, hint }).error;
}
