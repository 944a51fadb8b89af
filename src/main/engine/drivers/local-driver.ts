import type { Stats } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
import net from 'node:net';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { CallFailure } from '../failures.ts';
import { type Driver, isCallFailure, type ListenHandlers, type StreamSocket } from './driver.ts';
import { type CarrierListening, connectCarrier, listenCarrier } from './net-carrier.ts';
import { pathAddress, streamOf } from './net-stream.ts';

/** The time limit for a local program to answer at a path. */
const probeMs = 1_000;

/**
 * Local sockets: streams between programs of one machine (POSIX AF_UNIX; on Windows named pipes). A server's path is removed
 * when it stops. The path of a server that has crashed is removed and reported. The umask determines the mode of the file.
 * Peers have no addresses: a server numbers them.
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
    // No `setAccepting`: passing the socket to another process would remove the path.
    return { local, event: { kind: 'listening', local, backlog }, stop: listening.stop };
  },

  async connect(config, { address, signal }) {
    const name = localName(address.host);
    if ('errno' in name) return { call: 'connect', ...name };
    const socket = await connectPatiently(pathAddress(name.path), config, signal);
    if (isCallFailure(socket)) return { ...socket, text: socket.text ?? connectTexts[socket.errno] };
    return localStream(socket, { local: pathAddress(''), peer: address });
  },
};

const connectTexts: Readonly<Record<string, string>> = {
  ENOENT: 'the path does not exist',
  ECONNREFUSED: 'the path exists, but no server listens on it: its server has ended, or it is another kind of file',
  EACCES: 'its mode does not allow this user to connect',
  EAGAIN: 'the server’s backlog is full',
};

/** Returns the stream of a local socket. It has no RST, so `reset` closes it immediately. */
function localStream(socket: net.Socket, ends: Pick<StreamSocket, 'local' | 'peer'>): StreamSocket {
  return { ...streamOf(socket, ends), reset: () => socket.destroy() };
}

/** Listens; removes the path of a crashed server first. */
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
  const inUse = await removeStale(path);
  if (inUse !== undefined) return { ...first, text: inUse };
  const second = await listen();
  if (!isCallFailure(second)) {
    const text = `the stale socket ${path} was removed: no server listened on it`;
    handlers.noted({ kind: 'problem', text });
  }
  return second;
}

/** Removes a socket that no server listens on; returns the reason where it does not. */
async function removeStale(path: string): Promise<string | undefined> {
  const name = localName(path);
  if ('errno' in name) return name.text;
  const before = await statOf(name.path);
  if (before && !before.isSocket()) return `${path} is ${kindOf(before)}, not a socket, and was not removed`;
  const answer = await probe(name.path);
  // Abstract names and Windows' pipes end with their server: one that is in use has a running server.
  if (!before || answer === undefined) return `a server listens on ${path}`;
  if (answer !== 'ECONNREFUSED')
    return `${path} is in use, and connecting to it failed with ${answer}: it was not removed`;
  const now = await statOf(name.path);
  if (now && (now.ino !== before.ino || now.dev !== before.dev)) return `another server has just started on ${path}`;
  try {
    await unlink(name.path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : `${path} is stale, but removing it failed with ${code ?? 'an error'}`;
  }
}

/** Connects and closes: returns the error's code, or `undefined` where a server accepts. */
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
    // A missing permission for a folder above proves nothing.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch {
    // It does not exist, or it is an abstract name.
    return undefined;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  return stats.isFIFO() ? 'a named pipe' : 'a file';
}

/** The delay before another attempt where the backlog is full. */
const retryMs = 10;

/**
 * Connects within a client's time limit, with retries. connect() of a non-blocking AF_UNIX socket fails immediately with
 * EAGAIN where the server's backlog is full (connect(2) on Linux); a blocking one would wait, as TCP does.
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

/** A local socket's path for the system, or the reason why it is invalid. */
type LocalName = { readonly path: string } | { readonly errno: string; readonly text: string };

/** The maximum number of bytes of a path in sockaddr_un, without the terminating NUL (unix(7), macOS's sys/un.h). */
const longestPaths: Readonly<Partial<Record<NodeJS.Platform, number>>> = { linux: 107, android: 107, darwin: 103 };
const longestElsewhere = 103;
/** The maximum length of a pipe's full name (CreateNamedPipe). */
const longestPipe = 256;

/**
 * Converts a typed name of a local socket to the platform's format: a path; `@name` on Linux for an abstract one (unix(7): in
 * no folder, and removed with its server); on Windows a pipe, `\\.\pipe\name`. Rejects a path that is too long, because the
 * system would truncate it and listen at another path.
 */
export function localName(typed: string, platform: NodeJS.Platform = process.platform): LocalName {
  if (typed === '') return { errno: 'EINVAL', text: 'the path is empty' };
  if (typed.includes('\0'))
    return { errno: 'EINVAL', text: 'a path cannot contain NUL; an abstract name begins with @' };
  if (platform === 'win32') return pipeName(typed);
  const abstract = typed.startsWith('@') && (platform === 'linux' || platform === 'android');
  const longest = longestPaths[platform] ?? longestElsewhere;
  // An abstract name begins with a NUL and has no terminating one.
  const length = Buffer.byteLength(abstract ? typed.slice(1) : typed);
  if (length > longest) {
    const text = `the path has ${length} bytes, and the maximum for a local socket on this system is ${longest}`;
    return { errno: 'ENAMETOOLONG', text };
  }
  if (!abstract) return { path: typed };
  return length === 0 ? { errno: 'EINVAL', text: 'the name after the @ is empty' } : { path: `\0${typed.slice(1)}` };
}

function pipeName(typed: string): LocalName {
  if (!/^\\\\[.?]\\pipe\\[^\\]/i.test(typed)) {
    const text = String.raw`on Windows, local sockets are named pipes: \\.\pipe\ and a name`;
    return { errno: 'EINVAL', text };
  }
  if (typed.length <= longestPipe) return { path: typed };
  const text = `the name has ${typed.length} characters, and the maximum for a pipe is ${longestPipe}`;
  return { errno: 'ENAMETOOLONG', text };
}
