import net from 'node:net';
import { ReadTurns } from './read-turns.ts';

/*
 * Node gives every read 64 KiB of fresh memory outside its heap, and such memory drives the garbage collector: it marks
 * the whole heap some thirty times for 2 GB received, and the heap of this program is not small. Direct reads all go into
 * one buffer instead. That more than doubles what one connection can receive.
 *
 * One buffer for all is safe where libuv reads at the moment at which it tells of the read (uv__read, on POSIX systems).
 * On Windows a read is given its buffer before there is anything to read, so that two would share it: there, reads are
 * Node's ordinary ones.
 */

/** As large as the buffer that Node reads into. */
const readBytes = 65_536;

/** A connection that is being closed is read from until nothing has come for so long … */
const silenceMs = 10;
/** … but not for longer than this. */
const drainMs = 500;

const isPossible = process.platform !== 'win32';

/** Gets the bytes of one read. They are valid until it returns. */
type Take = (bytes: Uint8Array) => void;

interface Target {
  take: Take;
  /** The owner wants to read. A socket that waits for its turn does not read either, and continues without being asked. */
  wanted: boolean;
}

/** The sockets whose reads are direct. */
const targets = new WeakMap<net.Socket, Target>();

const turns = new ReadTurns();

/** Not a `Buffer`: whoever keeps a part of it takes a `slice`, which of a `Buffer` is no copy. */
let shared: Uint8Array | undefined;

/** A socket that is not connected yet; it reads nothing until `readInto`. */
export function createDirectSocket(options: net.SocketConstructorOpts): net.Socket {
  if (!isPossible) return new net.Socket(options);
  const socket = build(options);
  // Node starts reading as soon as a socket is connected, unless it is paused.
  socket.pause();
  return socket;
}

/**
 * A socket that was accepted, for reading directly; `accepted` is not to be used any more. Its server must have
 * `pauseOnConnect`. Node has no public way to ask for this (it has `onread` only for sockets that connect), so the
 * connection is taken over by its handle; where that is not to be had, reads are the ordinary ones.
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
  // The server counts its connections by what it accepted.
  socket.on('close', () => accepted.destroy());
  return socket;
}

/** Starts reading: each read goes to `take`. */
export function readInto(socket: net.Socket, take: Take): void {
  const target = targets.get(socket);
  if (target) target.take = take;
  else socket.on('data', take);
  goOnReading(socket);
}

/** Reads again after `stopReading`. */
export function goOnReading(socket: net.Socket): void {
  const target = targets.get(socket);
  if (!target) {
    socket.resume();
    return;
  }
  target.wanted = true;
  // `resume` of a stream starts reading a little later once more, whether it was paused meanwhile or not.
  socket.read(0);
}

/** Reads no more until `goOnReading`. */
export function stopReading(socket: net.Socket): void {
  const target = targets.get(socket);
  if (target) target.wanted = false;
  socket.pause();
}

/**
 * Ends both sides in order once all is written. What the peer has sent until then is read, if reading is not paused: it
 * lies in the kernel, and to close over it would reset the connection and lose what was sent last (RFC 2525, section 2.17).
 */
export function closeInOrder(socket: net.Socket): void {
  if (!targets.has(socket)) {
    socket.destroySoon();
    return;
  }
  const before = socket.bytesRead;
  // Two turns of the event loop: between them is one look for what has come.
  const drained = () => setImmediate(() => setImmediate(() => destroyWhenSilent(socket, before, performance.now())));
  if (socket.writable) socket.end();
  if (socket.writableFinished) drained();
  else socket.once('finish', drained);
}

/** `read`: how much had come when it was last looked; `since`: when it was first. */
function destroyWhenSilent(socket: net.Socket, read: number, since: number): void {
  const { bytesRead } = socket;
  if (bytesRead === read || performance.now() - since > drainMs) socket.destroy();
  else setTimeout(() => destroyWhenSilent(socket, bytesRead, since), silenceMs);
}

function build(options: net.SocketConstructorOpts): net.Socket {
  shared ??= new Uint8Array(readBytes);
  const target: Target = { take: () => {}, wanted: false };
  const goOn = (): void => {
    if (target.wanted && !socket.destroyed) socket.read(0);
  };
  const callback = (length: number, buffer: Uint8Array): boolean => {
    target.take(length === readBytes ? buffer : buffer.subarray(0, length));
    // False has Node stop reading (`onread` of net.Socket).
    return turns.took(length, goOn);
  };
  const socket = new net.Socket({ ...options, onread: { buffer: shared, callback } });
  targets.set(socket, target);
  return socket;
}
