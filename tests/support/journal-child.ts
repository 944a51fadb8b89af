// A peer that keeps a journal: keeps numbered lines in flight on some connections to an echo server and notes when the echo
// of each arrived. Prints `busy` when the first of them have arrived, and the last part of the journal, as a JSON line, when the server
// is gone.
// usage: journal-child.ts PORT
import net from 'node:net';

/** What arrived: all lines of `connection` below `next` had come back at `at` (ms since the epoch). */
export interface Arrival {
  readonly connection: number;
  readonly next: number;
  readonly at: number;
}

const connections = 8;
const inFlight = 400;
const lineLength = 64;
/** The number of lines after which the server counts as busy. */
const busyFrom = 500;
/** Older arrivals are not printed: what was acknowledged that long before the end is in the file, or the bound is broken. */
const keptMs = 3_000;

const journal: Arrival[] = [];
let arrived = 0;
const ends = Array.from({ length: connections }, async (_, connection) => {
  const socket = net.connect(Number(process.argv[2]), '127.0.0.1');
  let sent = 0;
  let received = 0;
  const send = () => {
    let text = '';
    const goal = Math.floor(received / lineLength) + inFlight;
    for (; sent < goal; sent += 1) text += `${`${connection}:${sent}:`.padEnd(lineLength - 1, '.')}\n`;
    if (text !== '') socket.write(text);
  };
  socket.on('error', () => {});
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    received += chunk.length;
    if (arrived < busyFrom * lineLength && arrived + chunk.length >= busyFrom * lineLength)
      process.stdout.write('busy\n');
    arrived += chunk.length;
    journal.push({
      connection,
      next: Math.floor(received / lineLength),
      at: performance.timeOrigin + performance.now(),
    });
    send();
  });
  // `once` of node:events would fail with the reset that a killed server causes.
  await new Promise((resolve) => socket.on('close', resolve));
});
await Promise.all(ends);
const last = journal.at(-1)?.at ?? 0;
process.stdout.write(`${JSON.stringify(journal.filter(({ at }) => at >= last - keptMs))}\n`);
