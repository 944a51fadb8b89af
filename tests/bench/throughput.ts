import { fork } from 'node:child_process';
import { once } from 'node:events';
import { median, report } from './statistics.ts';
import { Subject } from './subject.ts';

interface Load {
  readonly name: string;
  readonly framing: 'raw' | 'line';
  /** Bytes of one write, how many of them, and the length of a line in them (0: none). */
  readonly size: number;
  readonly count: number;
  readonly line: number;
  readonly unit: 'messages' | 'bytes';
}

const loads: readonly Load[] = [
  {
    name: 'lines of 64 B recorded a second, 64 KiB a write',
    framing: 'line',
    size: 65_536,
    count: 4_000,
    line: 64,
    unit: 'messages',
  },
  {
    name: 'lines of 64 B recorded a second, one line a write',
    framing: 'line',
    size: 64,
    count: 300_000,
    line: 64,
    unit: 'messages',
  },
  {
    name: 'bytes recorded a second, 64 KiB a write',
    framing: 'raw',
    size: 65_536,
    count: 10_000,
    line: 0,
    unit: 'bytes',
  },
];

/** Messages and bytes recorded a second, each against a plain `net` program that only cuts and counts. */
export async function benchThroughput(rounds: number): Promise<void> {
  for (const load of loads) {
    const engine: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      engine.push(await rate('engine-server', load));
      plain.push(await rate('plain-server', load));
    }
    const ratios = engine.map((value, index) => value / (plain[index] as number));
    const scale = load.unit === 'bytes' ? 1e6 : 1e3;
    const unit = load.unit === 'bytes' ? 'MB/s' : 'k/s';
    const figures = `${(median(engine) / scale).toFixed(0)} of ${(median(plain) / scale).toFixed(0)} ${unit}`;
    report(load.name, ratios, figures);
  }
}

/** Units a second from the first byte sent until all is recorded and in the file. */
async function rate(program: 'engine-server' | 'plain-server', load: Load): Promise<number> {
  const subject = await Subject.start(program, { behaviour: 'silent', framing: load.framing });
  const args = Object.entries({ port: subject.port, size: load.size, count: load.count, line: load.line });
  const sender = fork(
    new URL('./subjects/sender.ts', import.meta.url),
    args.flatMap(([key, value]) => [`--${key}`, `${value}`]),
  );
  const startedAt = performance.now();
  await once(sender, 'exit');
  const expected = load.size * load.count;
  let counted = await subject.count();
  while (counted.bytes < expected) counted = await subject.count();
  await subject.flush();
  const seconds = (performance.now() - startedAt) / 1_000;
  await subject.exited();
  return counted[load.unit] / seconds;
}
