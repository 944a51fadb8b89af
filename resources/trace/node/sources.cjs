'use strict';

const { fileURLToPath } = require('node:url');

const own = __dirname;
const maxFrames = 24;
const known = new Map();

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

/** Returns the number of the line of the program that is being run; 0 where none is: Node.js called, not the program. */
function currentSource(ring) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_, frames) => frames;
  Error.stackTraceLimit = maxFrames;
  const holder = {};
  Error.captureStackTrace(holder, currentSource);
  const frame = frameOf(holder.stack);
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  if (!frame) return 0;
  const file = frame.getFileName();
  const line = frame.getLineNumber() ?? 0;
  const key = `${file}:${line}`;
  let number = known.get(key);
  if (number === undefined) {
    number = known.size + 1;
    known.set(key, number);
    ring.put('source', number, line, file.startsWith('file:') ? fileURLToPath(file) : file);
  }
  return number;
}

module.exports = { currentSource };
