import type { Command } from 'commander';
import { type Failure, fail } from '#shared/failure.ts';
import { framingUsage } from '#shared/framing/spec.ts';
import { formatAddress } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { readReplyFile } from '#workbench/samples.ts';
import { onStopSignal } from '../terminal.ts';
import { readCount, type Target } from './arguments.ts';
import { checkConfig, type ListenOptions, serverConfig } from './endpoint-config.ts';
import {
  addEndpointOptions,
  addTransportOptions,
  outputOption,
  workspaceOption,
  wrapHelp,
} from './endpoint-options.ts';
import { resolveTarget } from './named-endpoint.ts';
import { exitCodes, note, Output, refuse, reportFailure } from './output.ts';
import { createJsonPrinter, createLinePrinter, createStreamPrinter, usualMode } from './printers.ts';
import type { Observer } from './printing-log.ts';
import { IncompleteNotes, Run, resourcesFolder } from './run.ts';

/** Runs `wirebench listen`: a server, until its end condition or a stop signal. Returns the exit code. */
export async function listen(target: Target, options: ListenOptions): Promise<number> {
  const failed = (error: Failure) => {
    reportFailure(error, options.verbose);
    return exitCodes.failed;
  };
  const config = await serverConfig(target, options);
  if (!config.ok) return failed(config.error);
  const checked = checkConfig(config.value);
  if (!checked.ok) return refuse(checked.error);
  const { behaviour } = config.value;
  if (behaviour.kind === 'reply-file') {
    // The file is read again for each reply. This read reports a wrong path before the first client connects.
    const readable = await readReplyFile(resourcesFolder(), behaviour.path);
    if (!readable.ok) return failed(readable.error);
  }
  const output = new Output();
  const end = new EndCondition(endOptions(target, options));
  const mode = options.output ?? usualMode(config.value, output.isTerminal);
  const print = options.json ? createJsonPrinter() : mode === 'raw' ? createStreamPrinter() : createLinePrinter(mode);
  const recordingFailed = () => end.end();
  const started = await Run.start({ output, print, observer: end, record: options.record, recordingFailed });
  if (!started.ok) return failed(started.error);
  const run = started.value;
  if (options.verbose) new IncompleteNotes(run.engine);
  output.onGone(() => end.end());
  onStopSignal(() => end.end());

  const { id } = run.engine.create(config.value);
  const opened = await run.engine.open(id);
  if (opened.ok) {
    if (opened.value.exposed)
      note(`Other machines can reach this server: ${opened.value.address} is not a loopback address.`);
    await end.done;
  }
  const finished = await run.finish();
  const error = opened.ok ? end.failure : opened.error;
  if (error) return failed(error);
  return finished ? exitCodes.done : exitCodes.failed;
}

/** Returns when to end. UDP has no connection that could end: `--once` ends after the first datagram. */
function endOptions(
  { transport }: Target,
  { once, count }: ListenOptions,
): { once?: boolean | undefined; count?: number | undefined } {
  return once && transport === 'udp' ? { count: 1 } : { once, count };
}

const notes = `
Prints “listening on HOST:PORT” (UDP: “bound to HOST:PORT”), then one line per event and message. A line shows the first
4096 bytes of a message; --json and --record contain the whole message. With raw framing, the default for a pipe or a
file is --output raw: the received bytes, unchanged, with the lines on the error output. Runs until Ctrl+C, or until
--count or --once ends it after the replies are sent. The address can start with tcp://, tls://, udp://, ws://, wss://
or unix:. Instead of an address, use the name of an endpoint of the workspace.

Framings: ${wrapHelp(framingUsage)}

Examples:
  wirebench listen 12345                                      print the data that clients send
  wirebench listen 0.0.0.0:12345 --echo --framing line        an echo server that other machines can reach
  wirebench listen 0 --reply-file data.json --count 1         reply to one message with a file, then end
  wirebench listen '[::1]:0' --once --json                    one connection over IPv6, as JSON Lines
  wirebench listen 8443 --tls --echo                          TLS with a self-signed certificate for localhost
  wirebench listen 8443 --tls --cert my.pem --client-cert require --ca clients.pem
  wirebench listen 5353 --udp --join 224.0.0.251 --reuse-address
  wirebench listen ws://127.0.0.1:8080/chat --echo            a WebSocket server
  wirebench listen --unix /tmp/app.sock --framing len:4be     a local socket, length-prefixed messages
  wirebench listen lab/echo                                   an endpoint of the workspace`;

/** Adds `wirebench listen`. */
export function addListen(program: Command, done: (code: number) => void): void {
  const command = program
    .command('listen')
    .description('run a server and print its events and messages')
    .argument(
      '<[host:]port>',
      'address to listen on (default host: 127.0.0.1; port 0: a free port), or the name of an endpoint',
    )
    .optionsGroup('End and output:')
    .option('--count <n>', 'end after N messages', readCount)
    .option('--once', 'end after the first connection has closed; over UDP, after the reply to the first datagram')
    .option('--record <file>', 'record the session to a new .wirebench file')
    .addOption(outputOption())
    .option('--json', 'print one JSON object per line')
    .option('-v, --verbose', 'report incomplete messages, and the checks made after a failure');
  command.addOption(workspaceOption());
  addTransportOptions(command);
  addEndpointOptions(command, 'server');
  command.addHelpText('after', notes).action(async (address: string, options: ListenOptions) => {
    const target = await resolveTarget(command, address, 'server', options);
    if (target.ok) {
      done(await listen(target.value, options));
      return;
    }
    reportFailure(target.error, options.verbose);
    done(exitCodes.failed);
  });
}

interface EndConditionOptions {
  /** End after this many messages. */
  readonly count?: number | undefined;
  /** End when the first connection has closed. */
  readonly once?: boolean | undefined;
}

/** Determines when `listen` ends: after a number of messages, after the first connection, or at a call of `end`. */
class EndCondition implements Observer {
  readonly done: Promise<void>;
  /** The failure of the connection with `--once`, if it failed. */
  failure: Failure | undefined;
  readonly #options: EndConditionOptions;
  #resolve: () => void = () => {};
  #received = 0;
  #first: { readonly socket: number; readonly peer: string } | undefined;

  constructor(options: EndConditionOptions) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(): void {
    // The replies to a message are queued right after it is recorded, and stopping the server sends queued replies.
    setImmediate(this.#resolve);
  }

  received(_socket: number, count: number): void {
    this.#received += count;
    if (this.#options.count !== undefined && this.#received >= this.#options.count) this.end();
  }

  event(socket: number, event: SocketEvent): void {
    if (!this.#options.once) return;
    if (event.kind === 'accepted') this.#first ??= { socket, peer: formatAddress(event.peer) };
    if (event.kind !== 'closed' || socket !== this.#first?.socket) return;
    if (event.cause !== 'peer' && event.cause !== 'local' && event.cause !== 'stopped') {
      this.failure = connectionFailure(this.#first.peer, event);
    }
    this.end();
  }
}

function connectionFailure(peer: string, event: Extract<SocketEvent, { kind: 'closed' }>): Failure {
  const message = `The connection from ${peer} failed`;
  if (event.errno === undefined && event.cause === 'timeout') {
    const hint = 'Allow more time with --idle or --first-byte.';
    return fail('timed-out', message, { system: 'a timeout expired', hint }).error;
  }
  const { errno = 'UNKNOWN' } = event;
  const { code, text, hint } = lookUpErrno(errno);
  return fail(code, message, { system: `${errno}: ${event.text ?? text}`, hint }).error;
}
