// Many connections to one server, from a separate process: `node load-client.ts JOB PORT COUNT [MESSAGES]`. Says what it
// does over IPC: `{kind: 'ready'}` when all are connected, `{kind: 'done'}` at the end. Any message ends it.
import net from 'node:net';

const [job, port, count, messages = '0'] = process.argv.slice(2) as [string, string, string, string?];
const total = Number(count);

/** Loopback addresses in turn: each has its own ports, so that none run out. */
function addressOf(index: number): string {
  return `127.0.0.${2 + (index % 50)}`;
}

function connect(index: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port: Number(port), host: '127.0.0.1', localAddress: addressOf(index) });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Runs `act` for each index, a number of them at a time. */
async function inParallel(width: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < total; index = next++) await act(index);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function idle(): Promise<void> {
  const sockets: net.Socket[] = [];
  await inParallel(64, async (index) => {
    const socket = await connect(index);
    socket.on('error', () => {});
    socket.resume();
    sockets.push(socket);
  });
  process.send?.({ kind: 'ready' });
  await new Promise((resolve) => process.once('message', resolve));
  for (const socket of sockets) socket.destroy();
}

/** Each connection sends its messages, a line each, and ends when they have come back. */
async function talk(): Promise<void> {
  await inParallel(total, async (index) => {
    const socket = await connect(index);
    let received = 0;
    const lines = Array.from({ length: Number(messages) }, (_, nth) => `connection ${index} message ${nth}\n`);
    const expected = lines.reduce((sum, line) => sum + line.length, 0);
    const back = new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received >= expected) resolve();
      });
    });
    for (const line of lines) socket.write(line);
    await back;
    await new Promise<void>((resolve) => socket.end().once('close', () => resolve()));
  });
}

/** Connects and ends, in order and with RST in turn. */
async function churn(): Promise<void> {
  await inParallel(32, async (index) => {
    const socket = await connect(index);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.resume();
    if (index % 2 === 0) socket.resetAndDestroy();
    else socket.end('bye');
    await closed;
  });
}

const jobs: Readonly<Record<string, () => Promise<void>>> = { idle, talk, churn };
await jobs[job]?.();
process.send?.({ kind: 'done' });
process.disconnect?.();
