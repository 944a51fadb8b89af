import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type net from 'node:net';

/*
 * Node accepts as soon as it listens; there is no call to stop it. But a listening socket lives as long as any process
 * holds it: it is handed to a small process that holds it without calling accept(), so that the kernel goes on to complete
 * handshakes until the backlog is full, and is handed back when connections are to be accepted again.
 */

/**
 * What the process runs. Node listens on what it is given with a backlog of its own choice, so that listen() is called
 * again with the right one. It gets the socket, says so and waits for a byte on its standard input without letting its event
 * loop turn, which would accept; then it hands the socket back.
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

/** How long the process may take to start, or to answer. */
const patienceMs = 10_000;

/** A listening socket that nobody accepts from. */
export interface HeldServer {
  /** Gives the listening socket to `server`, which listens from then on. */
  release(server: net.Server): Promise<void>;
  /** Closes the listening socket, and with it the connections in its backlog. */
  drop(): Promise<void>;
  /** Resolves when the process has ended, and the listening socket with it, unless that was given back or dropped. */
  readonly lost: Promise<void>;
}

/**
 * Takes the listening socket from `server`, which is closed; the address stays taken. Rejects where no process can be
 * started; `server` goes on then.
 */
export async function holdServer(server: net.Server, backlog: number): Promise<HeldServer> {
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'pipe', 'ignore', 'ipc'],
    // In Electron the executable is the app, and runs as Node only when asked to.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  child.stdin?.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  try {
    const held = once(child.stdout as NodeJS.EventEmitter, 'data').then(() => 'held' as const);
    held.catch(() => {});
    child.send(backlog, server, {}, (error) => error && child.kill());
    await beforeTheEnd(ended, held, 'the process that is to hold the socket');
  } catch (error) {
    child.kill();
    throw error;
  }
  server.close();
  let given = false;
  return {
    async release(next) {
      given = true;
      await release(child, ended, next, backlog);
    },
    async drop() {
      given = true;
      await drop(child);
    },
    lost: ended.then(() => (given ? new Promise<void>(() => {}) : undefined)),
  };
}

/** What `work` gives, unless the process ends before or does not answer in time. `who`: for the error's words. */
async function beforeTheEnd<T>(ended: Promise<void>, work: Promise<T>, who: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${who} does not answer`)), patienceMs);
  });
  try {
    return await Promise.race([
      work,
      late,
      ended.then((): never => {
        throw new Error(`${who} has ended`);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function release(child: ChildProcess, ended: Promise<void>, server: net.Server, backlog: number): Promise<void> {
  const back = new Promise<void>((resolve) => {
    child.once('message', (_message, given) => {
      // Listens already: it has to be ours before the event loop turns, or it would accept for nobody.
      server.listen(given, backlog, resolve);
    });
  });
  child.stdin?.end('x');
  await beforeTheEnd(ended, back, 'the process that holds the socket');
}

async function drop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
