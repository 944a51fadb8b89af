import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TracedCall } from '#shared/calls/traced-calls.ts';
import { type SeenCall, type SeenSocket, socketsOfStrace, straceFilter, withoutSplits } from '#support/strace-calls.ts';
import { nextPoll, TraceChannel } from '#trace/channel.ts';
import { startTracedProgram } from '#trace/traced-program.ts';

const programs = fileURLToPath(new URL('../../support/traced/python', import.meta.url));
const tracers = fileURLToPath(new URL('../../../resources/trace', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-truth-'));
});

afterAll(async () => await rm(folder, { recursive: true }));

/** The names that system calls have, for those of Python that have others. */
const systemNames: Readonly<Record<string, string>> = {
  sendall: 'send',
  recv_into: 'recv',
  recvfrom_into: 'recvfrom',
  connect_ex: 'connect',
};

/** Runs the program under strace and the tracer at a time, and returns the ended calls of each process and the file of strace. */
async function runTraced(name: string): Promise<{ calls: TracedCall[]; strace: string; code: number | null }> {
  const strace = join(folder, `${name}.strace`);
  const channel = await TraceChannel.create();
  const program = ['python3', join(programs, `${name}.py`)];
  const command = ['strace', '-f', '-qq', '-o', strace, '-e', `trace=${straceFilter}`, ...program] as const;
  const started = await startTracedProgram({
    command: [...command],
    folder: channel.folder,
    tracers,
    reader: process.pid,
    maxBytes: 65_536,
  });
  if (!started.ok) throw new Error(started.error.message);
  const calls: TracedCall[] = [];
  const take = async () => {
    const { batches, failures } = await channel.take();
    expect(failures).toEqual([]);
    for (const { events } of batches) for (const event of events) if (event.kind === 'ended') calls.push(event.call);
  };
  let end: { code: number | null } | undefined;
  void started.value.ended.then((how) => {
    end = how;
  });
  while (!end) {
    await take();
    await nextPoll();
  }
  await take();
  await channel.close();
  return { calls, strace, code: end.code };
}

const compared = new Set([
  'socket',
  'bind',
  'listen',
  'accept',
  'connect',
  'send',
  'sendto',
  'recv',
  'recvfrom',
  'shutdown',
  'close',
]);

/** Returns the calls on each socket that the tracer saw. */
function socketsOfTrace(calls: readonly TracedCall[]): SeenSocket[] {
  const sockets = new Map<string, SeenCall[]>();
  for (const call of calls) {
    const { socket, end, pid } = call;
    const name = systemNames[call.call] ?? call.call;
    if (!socket || !end) continue;
    const key = `${pid} ${socket.number}`;
    // A wait that took too long fails in Python: the system was not asked for bytes.
    if (!compared.has(name) || socket.family === 'AF_UNIX' || end.errno === -1) continue;
    const seen = sockets.get(key) ?? [];
    sockets.set(key, seen);
    const isNew = name === 'socket' || name === 'accept';
    seen.push({ name, result: end.errno === 0 ? (isNew ? 0 : end.result) : -1 });
  }
  return [...sockets.values()];
}

const text = (sockets: readonly SeenSocket[]) =>
  sockets
    .map(withoutSplits)
    .map((calls) => calls.map(({ name, result }) => `${name}=${result}`).join(' '))
    .sort();

const names = (await readdir(programs)).map((name) => name.replace(/\.py$/, ''));

describe('the traced calls of a Python program equal those that strace sees', () => {
  test.for(names)('%s', async (name) => {
    const { calls, strace, code } = await runTraced(name);
    expect(code).toBe(0);
    const seen = text(await socketsOfStrace(strace));
    expect(seen.length).toBeGreaterThan(1);
    expect(text(socketsOfTrace(calls))).toEqual(seen);
  });
});
