import { fileURLToPath } from 'node:url';
import type { TracedCall, TracedSocket } from '#shared/calls/traced-calls.ts';
import type { Failure } from '#shared/failure.ts';
import { nextPoll, TraceChannel } from '#trace/channel.ts';
import { type ProgramEnd, startTracedProgram } from '#trace/traced-program.ts';
import { type SeenCall, type SeenSocket, straceFilter } from './strace-calls.ts';

const tracers = fileURLToPath(new URL('../../resources/trace', import.meta.url));

/** What a traced program did. */
export interface TracedRun {
  /** The calls that ended, in the order of each process. */
  readonly calls: readonly TracedCall[];
  readonly failures: readonly Failure[];
  readonly end: ProgramEnd;
}

/** Runs the program with the tracer until it has ended. `onPoll` is called after each look at the channel. */
export async function runTraced(
  command: readonly string[],
  { maxBytes = 65_536, onPoll }: { maxBytes?: number; onPoll?: (channel: TraceChannel, pid: number) => unknown } = {},
): Promise<TracedRun> {
  const channel = await TraceChannel.create();
  const [program = '', ...args] = command;
  try {
    const started = await startTracedProgram({
      command: [program, ...args],
      folder: channel.folder,
      tracers,
      maxBytes,
    });
    if (!started.ok) throw new Error(started.error.message);
    const calls: TracedCall[] = [];
    const all: Failure[] = [];
    const take = async () => {
      const { batches, failures } = await channel.take();
      all.push(...failures);
      for (const { events } of batches) for (const event of events) if (event.kind === 'ended') calls.push(event.call);
    };
    let end: ProgramEnd | undefined;
    void started.value.ended.then((how) => {
      end = how;
    });
    while (!end) {
      await take();
      await onPoll?.(channel, started.value.pid);
      await nextPoll();
    }
    await take();
    return { calls, failures: all, end };
  } finally {
    await channel.close();
  }
}

/** Runs the program with the tracer and with strace, which writes to `file`. */
export async function runWithStrace(command: readonly string[], file: string): Promise<TracedRun> {
  return await runTraced(['strace', '-f', '-qq', '-o', file, '-e', `trace=${straceFilter}`, ...command]);
}

/** The names that system calls have, for those of Python that have others. */
const systemNames: Readonly<Record<string, string>> = {
  sendall: 'send',
  recv_into: 'recv',
  recvmsg_into: 'recvmsg',
  recvfrom_into: 'recvfrom',
  connect_ex: 'connect',
};

const compared = new Set([
  ...['socket', 'bind', 'listen', 'accept', 'connect', 'send', 'sendto', 'sendmsg', 'recv', 'recvfrom', 'recvmsg'],
  ...['shutdown', 'close'],
]);

/** Returns the calls on each socket that the tracer saw, as the comparison has them. What was sent and received in TLS is left out. */
export function socketsOfTrace(calls: readonly TracedCall[]): SeenSocket[] {
  // strace counts a socket that two processes have from a fork as two.
  const sockets = new Map<TracedSocket, Map<number, SeenCall[]>>();
  for (const { socket, end, call, start, pid } of calls) {
    const name = systemNames[call] ?? call;
    if (!socket || !end || start.isTls) continue;
    // A wait that took too long fails in Python: the system was not asked for bytes.
    if (!compared.has(name) || socket.family === 'AF_UNIX' || end.errno === -1) continue;
    const processes = sockets.get(socket) ?? new Map<number, SeenCall[]>();
    sockets.set(socket, processes);
    const seen = processes.get(pid) ?? [];
    processes.set(pid, seen);
    const isNew = name === 'socket' || name === 'accept';
    seen.push({ name, result: end.errno === 0 ? (isNew ? 0 : end.result) : -1 });
  }
  return [...sockets.values()].flatMap((processes) => [...processes.values()]);
}
