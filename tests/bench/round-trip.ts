import net from 'node:net';
import { median, quantile, report } from './statistics.ts';
import { Subject } from './subject.ts';

const trips = 4_000;
const warmUp = 500;
const payload = Buffer.alloc(64, 'x');

/** The time of an echo round trip of 64 bytes through a recording server, against a plain `net` echo. */
export async function benchRoundTrip(rounds: number): Promise<void> {
  const engine = await Subject.start('engine-server', { behaviour: 'echo', framing: 'raw' });
  const plain = await Subject.start('plain-server', { behaviour: 'echo', framing: 'raw' });
  const of = { engine: [] as number[][], plain: [] as number[][] };
  for (let round = 0; round < rounds; round += 1) {
    of.engine.push(await roundTrips(engine.port));
    of.plain.push(await roundTrips(plain.port));
  }
  for (const [name, share] of [
    ['echo round trip, median', 0.5],
    ['echo round trip, p99', 0.99],
  ] as const) {
    const ours = of.engine.map((times) => quantile(times, share));
    const theirs = of.plain.map((times) => quantile(times, share));
    const ratios = ours.map((value, index) => value / (theirs[index] as number));
    report(name, ratios, `${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)} µs (lower is better)`);
  }
  for (const subject of [engine, plain]) {
    await subject.flush();
    await subject.exited();
  }
}

/** The times of `trips` round trips on one connection, in µs. */
function roundTrips(port: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let sentAt = 0;
    let received = 0;
    const send = (): void => {
      sentAt = performance.now();
      socket.write(payload);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received % payload.length !== 0) return;
      times.push((performance.now() - sentAt) * 1_000);
      if (times.length < trips + warmUp) send();
      else socket.end();
    });
    socket.on('close', () => resolve(times.slice(warmUp)));
  });
}
