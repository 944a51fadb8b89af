import { type ClientConfig, defaultClient, defaultLimits } from '#shared/contract/endpoint-config.ts';
import { type Failure, fail } from '#shared/contract/failure.ts';
import type { FramingSpec } from '#shared/framing/spec.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import { onStopSignal } from '../stop-signal.ts';
import type { HostPort } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { Output } from './output.ts';
import { maxPayloadBytes, type PayloadSource, readPayload } from './payload.ts';
import { printJson } from './printers.ts';
import { ReplyPrinter } from './reply-printer.ts';
import { ReplyWait } from './reply-wait.ts';
import { reportFailure } from './report.ts';
import { Run } from './run.ts';

export interface SendOptions extends PayloadSource {
  readonly framing: FramingSpec;
  /** How long to wait for a reply, from the last one on. Milliseconds. */
  readonly wait: number;
  /** How many messages must come. */
  readonly expect?: number | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `wirebench send`: connects, sends one message, prints what comes back. Gives the exit code. */
export async function send(address: HostPort, options: SendOptions): Promise<number> {
  const payload = await readPayload(options);
  if (!payload.ok) return failed(payload.error);
  const output = new Output();
  const wait = new ReplyWait({ expect: options.expect, waitMs: options.wait, held: () => output.congested });
  const replies = new ReplyPrinter(output, { raw: options.framing.kind === 'raw', terminal: process.stdout.isTTY });
  const print = options.json ? printJson : replies.print;
  let endConnection = () => {};
  let unrecorded = false;
  const recordingFailed = () => {
    unrecorded = true;
    wait.end();
    endConnection();
  };
  const started = await Run.start({ output, print, observer: wait, record: options.record, recordingFailed });
  if (!started.ok) return failed(started.error);
  const run = started.value;
  const { id } = run.engine.create(configOf(address, options));
  endConnection = () => void run.engine.close(id);
  let interrupted = false;
  onStopSignal(() => {
    interrupted = true;
    wait.end();
    void run.engine.close(id);
  });
  output.onGone(() => wait.end());

  const opened = await run.engine.open(id);
  const error = opened.ok ? await exchange(run, opened.value.socket, payload.value, options, wait) : opened.error;
  await run.engine.close(id);
  replies.finish();
  const finished = await run.finish();
  // A reader that has all it wants (`| head -1`) has not been failed.
  if (output.gone && !output.failure) return exitCodes.done;
  // What came of the job when it had to end early is no news: why it had to was told.
  if (unrecorded) return exitCodes.failed;
  if (error) return failed(error);
  if (interrupted) return exitCodes.failed;
  const unmet = wait.failed ? connectionFailure(address, wait.failed) : unmetExpectation(address, options, wait);
  if (unmet) return failed(unmet);
  return finished ? exitCodes.done : exitCodes.failed;
}

function configOf({ host, port }: HostPort, { framing }: SendOptions): ClientConfig {
  // The largest payload and what its framing adds fit into the queue.
  const limits = { ...defaultLimits, maxQueued: maxPayloadBytes + 1_024 };
  return { ...defaultClient, name: 'send', host, port, framing, limits };
}

/** Sends `payload`, if any, and waits for replies. */
async function exchange(
  run: Run,
  socket: number,
  payload: Uint8Array | undefined,
  { framing }: SendOptions,
  wait: ReplyWait,
): Promise<Failure | undefined> {
  // An empty line is a message; nothing at all is none.
  if (payload && (payload.length > 0 || framing.kind === 'delimiter')) {
    const [outcome] = await run.engine.send([socket], { bytes: payload, frame: true });
    if (outcome?.error) return outcome.error;
  }
  wait.begin();
  await wait.done;
  return undefined;
}

function connectionFailure({ host, port }: HostPort, { call, errno }: { call: string; errno: string }): Failure {
  const { code, hint } = lookUpErrno(errno);
  const message = `The connection to ${formatHostPort(host, port)} failed`;
  return fail(code, message, { system: systemAnswer(call, errno), hint }).error;
}

function unmetExpectation({ host, port }: HostPort, options: SendOptions, wait: ReplyWait): Failure | undefined {
  if (wait.enough) return undefined;
  const came = `${options.expect} expected from ${formatHostPort(host, port)}, ${wait.count} came`;
  return wait.peerEnded
    ? fail('closed', `Messages are missing: ${came}`, {
        system: 'the peer ended its side (FIN)',
        hint: 'Look at what the peer sends, and whether --framing cuts it as you expect.',
      }).error
    : fail('timed-out', `Messages are missing: ${came}`, {
        system: `${options.wait} ms passed without one`,
        hint: 'Wait longer with --wait, or look at whether --framing cuts what the peer sends as you expect.',
      }).error;
}

function failed(error: Failure): number {
  reportFailure(error);
  return exitCodes.failed;
}
