'use strict';

/* Node.js loads this file before the program (NODE_OPTIONS=--require): it reports the program's socket calls to Wirebench. */

const folder = process.env.WIREBENCH_TRACE;

if (folder) {
  try {
    const { isMainThread, threadId } = require('node:worker_threads');
    const { openRing } = require('./ring.cjs');
    const { install } = require('./handles.cjs');
    const ring = openRing(folder, Number(process.env.WIREBENCH_TRACE_READER ?? 0), threadId);
    const about = { argv: [process.execPath, ...process.execArgv, ...process.argv.slice(1)], language: 'node' };
    ring.put('process', 0, 0, JSON.stringify({ ...about, version: process.versions.node }));
    ring.put('thread', threadId + 1, 0, isMainThread ? 'main' : `worker ${threadId}`);
    install(ring, Number(process.env.WIREBENCH_TRACE_BYTES ?? 65_536));
    process.once('exit', () => {
      ring.put('exit', 0, 0, '');
      ring.flush();
    });
  } catch (error) {
    // A program must never fail because of the tracer.
    process.stderr.write(`wirebench trace: this process is not traced: ${error}\n`);
  }
}
