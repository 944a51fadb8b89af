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
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  const signal = AbortSignal.timeout(patienceMs);
  try {
    await once(child, 'spawn', { signal });
    const held = once(child.stdout as NodeJS.EventEmitter, 'data', { signal });
    await new Promise<void>((resolve, reject) => {
      child.send(backlog, server, {}, (error) => (error ? reject(error) : resolve()));
    });
    await held;
  } catch (error) {
    child.kill();
    throw error;
  }
  server.close();
  return { release: (next) => release(child, next, backlog), drop: () => drop(child) };
}

async function release(child: ChildProcess, server: net.Server, backlog: number): Promise<void> {
  const back = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the process that holds the socket does not answer')), patienceMs);
    child.once('exit', () => reject(new Error('the process that holds the socket is gone')));
    child.once('message', (_message, given) => {
      clearTimeout(timer);
      // Listens already: it has to be ours before the event loop turns, or it would accept for nobody.
      server.listen(given, backlog, resolve);
    });
  });
  child.stdin?.end('x');
  await back;
}

async function drop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
