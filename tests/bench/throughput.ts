import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Load as Sending, sendAll } from './senders.ts';
import { median, report } from './statistics.ts';
import { Subject } from './subject.ts';

interface Load extends Sending {
  readonly name: string;
  readonly framing: 'raw' | 'line';
  readonly unit: 'messages' | 'bytes';
  readonly unrecorded?: boolean;
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
  {
    name: 'bytes read a second, recording off, 64 KiB a write',
    framing: 'raw',
    size: 65_536,
    count: 20_000,
    line: 0,
    unit: 'bytes',
    unrecorded: true,
  },
];

/**
 * Messages and bytes recorded a second, each against a plain `net` program that only cuts and counts; bytes also against
 * `socat` writing into a file.
 */
export async function benchThroughput(rounds: number): Promise<void> {
  for (const load of loads) {
    const engine: number[] = [];
    const plain: number[] = [];
    const socat: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      engine.push(await rate('engine-server', load));
      plain.push(await rate('plain-server', load));
      if (load.unit === 'bytes' && !load.unrecorded) socat.push(await socatRate(load));
    }
    compare(load, load.name, engine, plain);
    if (socat.length > 0) compare(load, `${load.name}, ÷ socat into a file`, engine, socat);
  }
}

function compare(load: Load, name: string, engine: readonly number[], other: readonly number[]): void {
  const ratios = engine.map((value, index) => value / (other[index] as number));
  const scale = load.unit === 'bytes' ? 1e6 : 1e3;
  const unit = load.unit === 'bytes' ? 'MB/s' : 'k/s';
  report(name, ratios, `${(median(engine) / scale).toFixed(0)} of ${(median(other) / scale).toFixed(0)} ${unit}`);
}

/** Units a second from the first byte sent until all is recorded and in the file. */
async function rate(program: 'engine-server' | 'plain-server', load: Load): Promise<number> {
  const subject = await Subject.start(program, {
    behaviour: 'silent',
    framing: load.framing,
    unrecorded: load.unrecorded,
  });
  const startedAt = performance.now();
  await sendAll(subject.port, load);
  const expected = load.size * load.count;
  let counted = await subject.count();
  while (counted.bytes < expected) counted = await subject.count();
  await subject.flush();
  const seconds = (performance.now() - startedAt) / 1_000;
  await subject.exited();
  return counted[load.unit] / seconds;
}

/** Bytes a second that `socat` brings from a socket into a file. */
async function socatRate(load: Load): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-bench-'));
  const file = join(folder, 'socat.bin');
  const socat = spawn('socat', ['-d', '-d', '-u', '-b', '262144', 'TCP-LISTEN:0,bind=127.0.0.1', `CREATE:${file}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(socat, 'exit');
  const port = await listeningPort(socat.stderr);
  const startedAt = performance.now();
  await sendAll(port, load);
  await ended;
  const seconds = (performance.now() - startedAt) / 1_000;
  const { size } = await stat(file);
  await rm(folder, { recursive: true });
  return size / seconds;
}

/** The port in the line in which `socat` says that it listens. */
async function listeningPort(stderr: Readable): Promise<number> {
  let said = '';
  for await (const piece of stderr) {
    said += String(piece);
    const port = /listening on .*:(\d+)/.exec(said)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`socat did not listen: ${said}`);
}
