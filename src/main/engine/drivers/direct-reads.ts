import net from 'node:net';

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

const isPossible = process.platform !== 'win32';

/** Gets the bytes of one read. They are valid until it returns. */
type Take = (bytes: Uint8Array) => void;

/** The sockets whose reads are direct. */
const targets = new WeakMap<net.Socket, { take: Take }>();

let shared: Buffer | undefined;

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
  const held = accepted as unknown as { _handle: object | null | undefined };
  const handle = held._handle;
  if (!isPossible || !handle) return accepted;
  held._handle = null;
  const options = { handle, allowHalfOpen: true, pauseOnCreate: true };
  const socket = build(options as unknown as net.SocketConstructorOpts);
  // The server counts its connections by what it accepted.
  socket.on('close', () => accepted.destroy());
  return socket;
}

/** Starts reading: each read goes to `take`. */
export function readInto(socket: net.Socket, take: Take): void {
  const target = targets.get(socket);
  if (target) target.take = take;
  else socket.on('data', take);
  socket.resume();
}

function build(options: net.SocketConstructorOpts): net.Socket {
  shared ??= Buffer.allocUnsafeSlow(readBytes);
  const target: { take: Take } = { take: () => {} };
  const callback = (length: number, buffer: Uint8Array): boolean => {
    target.take(length === readBytes ? buffer : buffer.subarray(0, length));
    return true;
  };
  const socket = new net.Socket({ ...options, onread: { buffer: shared, callback } });
  targets.set(socket, target);
  return socket;
}
