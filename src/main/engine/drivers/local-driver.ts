import type { Stats } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
import net from 'node:net';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { CallFailure } from './call-failure.ts';
import type { Driver, ListenHandlers, StreamSocket } from './driver.ts';
import { isCallFailure } from './driver.ts';
import { localName } from './local-path.ts';
import { type CarrierListening, connectCarrier, listenCarrier, pathAddress, streamOf } from './net-carrier.ts';

/** How long what holds a path may take to answer; it is on this machine. */
const probeMs = 1_000;

/**
 * Local sockets: streams between programs of one machine (POSIX AF_UNIX; on Windows named pipes). A server's path goes when
 * it stops. One that a dead server has left behind is removed, and that is told. The mode of the file is what the umask
 * makes it. A peer has no name of its own: a server counts them.
 */
export const localDriver: Driver<'local'> = {
  async listen(config, handlers) {
    const { path, backlog } = config;
    const name = localName(path);
    if ('errno' in name) return { call: 'bind', ...name };
    const { maxConnections } = config.limits;
    const local = pathAddress(path);
    let clients = 0;
    const options = { target: { path: name.path }, backlog, maxConnections, plain: true };
    const listening = await listenFreshly(path, handlers, () =>
      listenCarrier(options, {
        ...handlers,
        accepted(socket) {
          clients += 1;
          handlers.accepted(localStream(socket, { local, peer: pathAddress(`client ${clients}`) }));
        },
      }),
    );
    if (isCallFailure(listening)) return listening;
    // The path would go with the socket that another process holds: there is no leaving connections in the backlog.
    return { local, event: { kind: 'listening', local, backlog }, stop: listening.stop };
  },

  async connect(config, { address, signal }) {
    const name = localName(address.host);
    if ('errno' in name) return { call: 'connect', ...name };
    const socket = await connectPatiently(pathAddress(name.path), config, signal);
    if (isCallFailure(socket)) return { ...socket, text: socket.text ?? connectWords[socket.errno] };
    return localStream(socket, { local: pathAddress(''), peer: address });
  },
};

const connectWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing of this name',
  ECONNREFUSED: 'the name is there, but no server listens on it: what made it has ended, or it is another kind of file',
  EACCES: 'its mode does not let this user connect',
  EAGAIN: 'the server’s backlog is full',
};

/** A local socket has no RST: it is closed at once instead. */
function localStream(socket: net.Socket, ends: Pick<StreamSocket, 'local' | 'peer'>): StreamSocket {
  return { ...streamOf(socket, ends), reset: () => socket.destroy() };
}

/** Listens; where the path is held by what a dead server left behind, that is removed first. */
async function listenFreshly(
  path: string,
  handlers: ListenHandlers,
  listen: () => Promise<CarrierListening | CallFailure>,
): Promise<CarrierListening | CallFailure> {
  const first = await listen();
  if (!isCallFailure(first)) return first;
  if (first.errno === 'EACCES' && (await isMissing(dirname(path)))) {
    // libuv says EACCES for a folder that does not exist (uv_pipe_bind).
    return { ...first, errno: 'ENOENT', text: `there is no folder ${dirname(path)}` };
  }
  if (first.errno !== 'EADDRINUSE') return first;
  const held = await removeStale(path);
  if (held !== undefined) return { ...first, text: held };
  const second = await listen();
  if (!isCallFailure(second)) {
    const text = `the stale socket ${path} was removed: nothing answered there`;
    handlers.noted({ kind: 'problem', text });
  }
  return second;
}

/** Removes a socket that nothing listens on; else gives what holds the path. */
async function removeStale(path: string): Promise<string | undefined> {
  const name = localName(path);
  if ('errno' in name) return name.text;
  const before = await statOf(name.path);
  if (before && !before.isSocket()) return `${path} is ${kindOf(before)}, not a socket: it is left alone`;
  const answer = await probe(name.path);
  // Abstract names and Windows' pipes go with their server: whoever holds one is alive.
  if (!before || answer === undefined) return `a server listens on ${path}`;
  if (answer !== 'ECONNREFUSED') return `${path} is held, and asking who holds it gave ${answer}: it is left alone`;
  const now = await statOf(name.path);
  if (now && (now.ino !== before.ino || now.dev !== before.dev)) return `another server has just taken ${path}`;
  try {
    await unlink(name.path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : `${path} is stale, but removing it gave ${code ?? 'an error'}`;
  }
}

/** Connects and hangs up: the error's code, or `undefined` where somebody answers. */
function probe(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    const settle = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(probeMs, () => settle('ETIMEDOUT'));
    socket.once('connect', () => settle(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'UNKNOWN'));
  });
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    // A folder above that may not be looked into is no proof.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch {
    // Not there, or (an abstract name) no path at all.
    return undefined;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  return stats.isFIFO() ? 'a named pipe' : 'a file';
}

/** A backlog that is full is asked again after so long. */
const retryMs = 10;

/**
 * Connects within the time that a client has. A stream socket of AF_UNIX that may not block answers EAGAIN at once where the
 * server's backlog is full (connect(2) on Linux), where one that may waits its turn, as TCP does.
 */
async function connectPatiently(
  address: Address,
  { connectTimeoutMs }: ClientConfig,
  signal: AbortSignal,
): Promise<net.Socket | CallFailure> {
  const until = performance.now() + connectTimeoutMs;
  for (;;) {
    const timeoutMs = Math.max(1, until - performance.now());
    const socket = await connectCarrier({ address, localHost: '', localPort: 0, timeoutMs, signal, plain: true });
    const isFull = isCallFailure(socket) && socket.errno === 'EAGAIN';
    if (!isFull || signal.aborted || performance.now() + retryMs > until) return socket;
    await setTimeout(retryMs);
  }
}
