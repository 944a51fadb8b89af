'use strict';

/*
 * Writes records into the file of this process, from which Wirebench reads. They are collected and written every few milliseconds,
 * when the buffer is full, and when the process ends. docs/trace-format.md describes the bytes.
 */

const fs = require('node:fs');
const path = require('node:path');

const headerBytes = 64;
const capacity = 4 * 1024 * 1024;
/** How long a record may wait: writing each record separately would slow the program down. */
const flushMs = 5;
const headAt = 40;
const tailAt = 48;
const kinds = { skip: 0, start: 1, end: 2, source: 3, thread: 4, process: 5, exit: 6 };

/** Opens the channel of this thread in `folder`. Throws what `node:fs` throws. */
function openRing(folder, reader, threadId) {
  const name = path.join(folder, `${process.pid}-${process.hrtime.bigint()}`);
  const file = fs.openSync(name, 'wx+', 0o600);
  fs.ftruncateSync(file, headerBytes + capacity);
  const header = Buffer.alloc(headerBytes);
  header.write('WBTRACE1', 'latin1');
  header.writeUInt32LE(process.pid, 8);
  header.writeUInt32LE(process.ppid, 12);
  header.writeBigUInt64LE(BigInt(capacity), 16);
  header.writeBigUInt64LE(process.hrtime.bigint(), 24);
  header.writeBigUInt64LE(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e3)) * 1000n, 32);
  fs.writeSync(file, header, 0, headerBytes, 0);
  fs.renameSync(name, `${name}.ring`);
  return new Ring(file, folder, reader, threadId);
}

/** Returns the time of the monotonic clock in nanoseconds. */
function now() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}

/** Writes a whole number with 64 bits, of which a number has 53. */
function writeLong(view, at, value) {
  const high = Math.floor(value / 0x1_0000_0000);
  view.setUint32(at, value - high * 0x1_0000_0000, true);
  view.setInt32(at + 4, high, true);
}

class Ring {
  constructor(file, folder, reader, threadId) {
    this.file = file;
    this.folder = folder;
    this.reader = reader;
    this.thread = threadId + 1;
    this.#allocate(256 * 1024);
    this.used = 0;
    this.head = 0;
    this.limit = capacity;
    this.count = Buffer.alloc(8);
    this.isScheduled = false;
    this.isOpen = true;
    this.calls = 0;
    this.flush = this.flush.bind(this);
  }

  #allocate(size) {
    this.buffer = Buffer.alloc(size);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, size);
  }

  /** Reports the start of a call and returns its number. */
  begin(call, descriptor, source, amount, detail) {
    this.calls = (this.calls + 1) >>> 0;
    const number = this.calls;
    const text = detail === '' ? undefined : Buffer.from(detail).subarray(0, 1024);
    const length = text === undefined ? 0 : text.length;
    const at = this.place((47 + length) & ~7);
    const { buffer } = this;
    buffer[at] = kinds.start;
    buffer[at + 1] = call;
    this.view.setUint16(at + 2, length, true);
    this.view.setUint32(at + 4, (47 + length) & ~7, true);
    writeLong(this.view, at + 8, now());
    this.view.setUint32(at + 16, this.thread, true);
    this.view.setUint32(at + 20, number, true);
    this.view.setInt32(at + 24, descriptor, true);
    this.view.setUint32(at + 28, source, true);
    writeLong(this.view, at + 32, amount);
    if (text) text.copy(buffer, at + 40);
    return number;
  }

  /** Reports the end of a call. `data`: the bytes that are shown, at most a quarter of the ring. */
  finish(call, number, errno, result, detail, data) {
    const text = detail === '' ? undefined : Buffer.from(detail).subarray(0, 1024);
    const textLength = text === undefined ? 0 : text.length;
    const dataLength = data === undefined ? 0 : data.length;
    const size = (47 + textLength + dataLength) & ~7;
    const at = this.place(size);
    const { buffer } = this;
    buffer[at] = kinds.end;
    buffer[at + 1] = call;
    this.view.setUint16(at + 2, 0, true);
    this.view.setUint32(at + 4, size, true);
    writeLong(this.view, at + 8, now());
    this.view.setUint32(at + 16, number, true);
    this.view.setInt32(at + 20, errno, true);
    this.view.setUint32(at + 24, textLength, true);
    this.view.setUint32(at + 28, dataLength, true);
    writeLong(this.view, at + 32, result);
    if (text) text.copy(buffer, at + 40);
    if (data) buffer.set(data, at + 40 + textLength);
  }

  /** Reports what a number stands for: a source line, a thread, the process. */
  put(kind, first, second, content) {
    const text = Buffer.from(content).subarray(0, 65_535);
    const size = (23 + text.length) & ~7;
    const at = this.place(size);
    this.buffer[at] = kinds[kind];
    this.buffer[at + 1] = 0;
    this.buffer.writeUInt16LE(text.length, at + 2);
    this.buffer.writeUInt32LE(size, at + 4);
    this.buffer.writeUInt32LE(first, at + 8);
    this.buffer.writeUInt32LE(second, at + 12);
    text.copy(this.buffer, at + 16);
  }

  /** Returns the offset of `size` free bytes in the buffer. */
  place(size) {
    if (this.used + size > this.buffer.length) this.flush();
    if (size > this.buffer.length) this.#allocate(size * 2);
    const at = this.used;
    this.used += size;
    if (!this.isScheduled) {
      this.isScheduled = true;
      // Does not keep the program alive: what is left is written at its exit.
      setTimeout(this.flush, flushMs).unref();
    }
    return at;
  }

  /** Writes what was collected. Waits while the ring is full: nothing is dropped. */
  flush() {
    this.isScheduled = false;
    const length = this.used;
    this.used = 0;
    if (length === 0 || !this.isOpen) return;
    const gap = capacity - (this.head % capacity);
    const needed = length <= gap ? length : gap + length;
    if (this.head + needed > this.limit && !this.wait(needed)) return;
    if (length > gap) {
      const skip = Buffer.alloc(8);
      skip.writeUInt32LE(gap, 4);
      fs.writeSync(this.file, skip, 0, 8, headerBytes + (this.head % capacity));
      this.head += gap;
    }
    fs.writeSync(this.file, this.buffer, 0, length, headerBytes + (this.head % capacity));
    this.head += length;
    this.count.writeBigUInt64LE(BigInt(this.head));
    fs.writeSync(this.file, this.count, 0, 8, headAt);
  }

  /** Waits until `needed` bytes are free. Returns false when Wirebench has ended: then the program goes on untraced. */
  wait(needed) {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    for (let rounds = 1; ; rounds += 1) {
      fs.readSync(this.file, this.count, 0, 8, tailAt);
      this.limit = Number(this.count.readBigUInt64LE()) + capacity;
      if (this.head + needed <= this.limit) return true;
      if (rounds % 100 === 0 && !this.readerLives()) {
        this.isOpen = false;
        return false;
      }
      Atomics.wait(cell, 0, 0, 1);
    }
  }

  readerLives() {
    try {
      process.kill(this.reader, 0);
      return fs.existsSync(this.folder);
    } catch (error) {
      return error.code !== 'ESRCH';
    }
  }
}

module.exports = { openRing };
