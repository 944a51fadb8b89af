'use strict';

const { Writable } = require('node:stream');
const { fileURLToPath } = require('node:url');

const own = __dirname;
const maxFrames = 24;
/** The numbers of the lines, by file and position. */
const known = new Map();
let count = 0;

/** Returns the first frame of the program itself: neither of Node.js nor of the tracer nor of a package. */
function frameOf(frames) {
  let inPackage;
  for (const frame of frames) {
    const file = frame.getFileName();
    if (!file || file.startsWith('node:') || file.startsWith(own)) continue;
    if (!file.includes('node_modules')) return frame;
    inPackage ??= frame;
  }
  return inPackage;
}

/** Returns the frames of the calls that lead to `called`, the innermost first; none where it is not being called. */
function framesOf(limit, called) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = asTheyAre;
  Error.stackTraceLimit = limit;
  const holder = {};
  Error.captureStackTrace(holder, called);
  const frames = holder.stack;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return frames;
}

/** Returns the frame of the program that called write(), which costs less than all frames; `undefined` if it did not. */
function callerOfWrite() {
  const [frame] = framesOf(1, Writable.prototype.write);
  return frame && frameOf([frame]);
}

const asTheyAre = (_, frames) => frames;

/** Returns the number of the line of the program that is being run; 0 where none is: Node.js called, not the program. */
function currentSource(ring) {
  const frame = callerOfWrite() ?? frameOf(framesOf(maxFrames, currentSource));
  if (!frame) return 0;
  const file = frame.getFileName();
  const position = frame.getPosition();
  const positions = known.get(file) ?? new Map();
  let number = positions.get(position);
  if (number === undefined) {
    count += 1;
    number = count;
    positions.set(position, number);
    known.set(file, positions);
    ring.put('source', number, frame.getLineNumber() ?? 0, file.startsWith('file:') ? fileURLToPath(file) : file);
  }
  return number;
}

module.exports = { currentSource };
