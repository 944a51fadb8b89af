import net from 'node:net';
import { type Reader, ReadTurns } from './read-turns.ts';

/*
 * Node allocates 64 KiB outside its heap for every read, and such memory triggers the garbage collector: it marks the whole
 * heap about thirty times for 2 GB received, and the heap of this program is large. Direct reads all use one buffer instead,
 * which more than doubles the throughput of one connection.
 *
 * One shared buffer is safe where libuv reads immediately before it calls back (uv__read, on POSIX systems). On Windows a
 * read receives its buffer before there is data, so that two reads would share it: there, Node's ordinary reads are used.
 */

/** As large as the buffer that Node reads into. */
const readBytes = 65_536;

/** A connection that is being closed is read from until nothing was received for this time … */
const silenceMs = 10;
/** … but not for longer than this. */
const drainMs = 500;

const isPossible = process.platform !== 'win32';

/** Receives the bytes of one read. They are valid until it returns. */
type Receive = (bytes: Uint8Array) => void;

interface Target extends Reader {
  receive: Receive;
}

/** The sockets whose reads are direct. */
const targets = new WeakMap<net.Socket, Target>();

const turns = new ReadTurns();

/** Not a `Buffer`: a receiver that keeps a part of it calls `slice`, which does not copy for a `Buffer`. */
let shared: Uint8Array | undefined;

/** Returns a socket that is not connected yet; it reads nothing until `readInto`. */
export function createDirectSocket(options: net.SocketConstructorOpts): net.Socket {
  if (!isPossible) return new net.Socket(options);
  const socket = build(options);
  // Node starts reading as soon as a socket is connected, unless it is paused.
  socket.pause();
  return socket;
}

/**
 * Returns a socket with direct reads for an accepted one; `accepted` must not be used any more. Its server must have
 * `pauseOnConnect`. Node has no public interface for this (`onread` is only for sockets that connect), so the handle is
 * moved to the new socket; where it is not available, reads are ordinary.
 */
export function adoptAccepted(accepted: net.Socket): net.Socket {
  const holder = accepted as net.Socket & { _handle?: net.BoundSocket | null };
  const handle = holder._handle;
  if (!isPossible || !handle) return accepted;
  holder._handle = null;
  const options: net.SocketConstructorOpts & { pauseOnCreate: true } = {
    handle,
    allowHalfOpen: true,
    pauseOnCreate: true,
  };
  const socket = build(options);
  // The server counts the sockets that it accepted.
  socket.on('close', () => accepted.destroy());
  return socket;
}

/** Starts reading: passes each read to `receive`. */
export function readInto(socket: net.Socket, receive: Receive): void {
  const target = targets.get(socket);
  if (target) target.receive = receive;
  else socket.on('data', receive);
  resumeReading(socket);
}

/** Resumes reading after `stopReading`. */
export function resumeReading(socket: net.Socket): void {
  const target = targets.get(socket);
  if (!target) {
    socket.resume();
    return;
  }
  turns.add(target);
  target.resume();
}

/** Stops reading until `resumeReading`. */
export function stopReading(socket: net.Socket): void {
  const target = targets.get(socket);
  if (target) turns.remove(target);
  socket.pause();
}

/**
 * Ends both sides in order once all bytes are written. Reads the bytes that the peer has sent until then, if reading is not
 * paused: closing with unread bytes in the kernel would reset the connection and lose the last sent bytes (RFC 2525, section
 * 2.17).
 */
export function closeInOrder(socket: net.Socket): void {
  if (!targets.has(socket)) {
    socket.destroySoon();
    return;
  }
  const before = socket.bytesRead;
  // Two turns of the event loop, between which it reads.
  const drained = () => setImmediate(() => setImmediate(() => destroyWhenSilent(socket, before, performance.now())));
  if (socket.writable) socket.end();
  if (socket.writableFinished) drained();
  else socket.once('finish', drained);
}

/** Destroys the socket once it is silent. `read` is the number of bytes at the last check, `since` the time of the first one. */
function destroyWhenSilent(socket: net.Socket, read: number, since: number): void {
  const { bytesRead } = socket;
  if (bytesRead === read || performance.now() - since > drainMs) socket.destroy();
  // The event loop reads between a timer and an immediate, so bytes received during a long turn are counted.
  else setTimeout(() => setImmediate(() => destroyWhenSilent(socket, bytesRead, since)), silenceMs);
}

function build(options: net.SocketConstructorOpts): net.Socket {
  shared ??= new Uint8Array(readBytes);
  const target: Target = {
    receive: () => {},
    pause: () => socket.pause(),
    resume() {
      // `resume` of a stream would start reading again a little later, even if it was paused in the meantime.
      if (!socket.destroyed) socket.read(0);
    },
  };
  const callback = (length: number, buffer: Uint8Array): boolean => {
    const from = performance.now();
    target.receive(length === readBytes ? buffer : buffer.subarray(0, length));
    // Node stops reading when the callback returns false (`onread` of net.Socket).
    return turns.count(length, performance.now() - from, target);
  };
  const socket = new net.Socket({ ...options, onread: { buffer: shared, callback } });
  socket.on('close', () => turns.remove(target));
  targets.set(socket, target);
  return socket;
}
