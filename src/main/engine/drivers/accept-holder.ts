import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type net from 'node:net';

/*
 * Node accepts as soon as it listens, and has no call to stop that. But a listening socket exists as long as any process
 * has it open. So it is passed to a small process that keeps it open without calling accept(): the kernel continues to
 * complete handshakes until the backlog is full. The process passes it back before accept() is called again.
 */

/**
 * The program of the process. Node listens on a received socket with its default backlog, so listen() is called again with
 * the right one. The program receives the socket, confirms it, and waits for a byte on its standard input without running
 * its event loop, which would accept; then it passes the socket back.
 */
const program = `
const { readSync, writeSync } = require('node:fs');
const { Server } = require('node:net');
process.on('disconnect', () => process.exit());
process.on('message', (backlog, given) => {
  const server = new Server().listen(given, backlog);
  writeSync(1, 'h');
  try { readSync(0, Buffer.alloc(1)); } catch {}
  if (!process.connected) process.exit();
  process.send('back', server, () => process.exit());
});
`;

/** The time limit for the process to start or to answer. */
const timeoutMs = 10_000;

/** A listening socket whose connections are not accepted. */
export interface PausedListener {
  /** Passes the listening socket to `server`, which listens from then on. */
  release(server: net.Server): Promise<void>;
  /** Closes the listening socket, and with it the connections in its backlog. */
  drop(): Promise<void>;
  /** Resolves when the process and the listening socket have ended without `release` or `drop`. */
  readonly lost: Promise<void>;
}

/**
 * Moves the listening socket out of `server`, which is closed; the address stays in use. Rejects where the process cannot be
 * started; `server` continues in that case.
 */
export async function pauseAccepting(server: net.Server, backlog: number): Promise<PausedListener> {
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'pipe', 'ignore', 'ipc'],
    // In Electron the executable is the app, and runs as Node only with this variable.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  child.stdin?.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  try {
    const received = once(child.stdout as NodeJS.EventEmitter, 'data');
    received.catch(() => {});
    child.send(backlog, server, {}, (error) => error && child.kill());
    await beforeTheEnd(ended, received, 'the process for the listening socket');
  } catch (error) {
    child.kill();
    throw error;
  }
  server.close();
  let isHandedOver = false;
  return {
    async release(next) {
      isHandedOver = true;
      await release(child, ended, next, backlog);
    },
    async drop() {
      isHandedOver = true;
      await drop(child);
    },
    lost: ended.then(() => (isHandedOver ? new Promise<void>(() => {}) : undefined)),
  };
}

/** Returns the result of `work`; rejects where the process ends before or does not answer in time. `name` is for the error. */
async function beforeTheEnd<T>(ended: Promise<void>, work: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} does not answer`)), timeoutMs);
  });
  try {
    return await Promise.race([
      work,
      late,
      ended.then((): never => {
        throw new Error(`${name} has ended`);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function release(child: ChildProcess, ended: Promise<void>, server: net.Server, backlog: number): Promise<void> {
  const back = new Promise<void>((resolve) => {
    child.once('message', (_message, listening) => {
      // It listens already: `server` must own it before the event loop continues, or accepted connections would be lost.
      server.listen(listening, backlog, resolve);
    });
  });
  child.stdin?.end('x');
  await beforeTheEnd(ended, back, 'the process of the listening socket');
}

async function drop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
