import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, writeSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import { Cli } from '#support/cli.ts';
import { startPeer } from '#support/peer.ts';
import { SessionFolder } from '#support/session.ts';
import { startWorkbench, testHome } from '#support/workbench.ts';

const size = 1_073_741_824;
/** The most that sending may add to the memory of the process: its queues, buffers and the garbage that is not collected yet. Bytes. */
const mostGrowth = 268_435_456;

/** Creates a file of 1 GiB that takes little of the disk, with bytes at its start, in its middle and at its end; returns its hash. */
async function createFile(path: string): Promise<string> {
  const file = openSync(path, 'w');
  const marks = Buffer.from(Array.from({ length: 65_537 }, (_, at) => (at * 31) & 255));
  for (const at of [0, size / 2 - 7, size - marks.length]) writeSync(file, marks, 0, marks.length, at);
  closeSync(file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  return hash.digest('hex');
}

/** Samples a number of bytes until it is stopped; `growth` is the most above the first sample. */
class Watch implements Disposable {
  readonly first: number;
  most = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(sample: () => number) {
    this.first = sample();
    this.#timer = setInterval(() => {
      this.most = Math.max(this.most, sample());
    }, 20);
  }

  get growth(): number {
    return this.most - this.first;
  }

  report(host: string, startedAt: number): void {
    const [first, most] = [this.first, this.most].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`${host}: 1 GiB in ${seconds.toFixed(1)} s, resident ${first} before and at most ${most}`);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Returns the resident memory of a process, or 0 after its end. Bytes. */
function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

describe.runIf(process.platform === 'linux')('a file of 1 GiB is sent with flat memory', () => {
  let path = '';
  let right = '';

  beforeAll(async () => {
    const folder = new SessionFolder();
    path = folder.file('large.bin');
    right = `${size} ${await createFile(path)}`;
    return () => folder[Symbol.asyncDispose]();
  });

  test('by the engine that the window uses, and recorded', async () => {
    await using peer = await startPeer('hash_stream.py');
    const bench = await startWorkbench(await testHome());
    const { id } = await bench.value('endpoints.create', { ...defaultClient, port: Number(await peer.line()) });
    const { socket } = await bench.value('endpoints.open', { id });
    const file = bench.files.grantRead(path);
    using watch = new Watch(() => process.memoryUsage.rss());
    const startedAt = performance.now();
    const { sent } = await bench.value('sockets.send', { sockets: [socket], file, frame: false, job: 'large' });
    expect(sent).toEqual([{ socket, bytes: size }]);
    await bench.value('sockets.shutdown', { socket });
    expect(await peer.line()).toBe(right);
    await bench.value('endpoints.close', { id });
    watch.report('the window', startedAt);
    expect((await bench.recording()).bytes).toBe(size);
    const progress = bench.events.flatMap((event) => (event.kind === 'job.progress' ? [event.done] : []));
    expect(progress.length).toBeGreaterThan(3);
    expect(watch.growth).toBeLessThan(mostGrowth);
  });

  test('by the command line', async () => {
    await using peer = await startPeer('hash_stream.py');
    const address = `127.0.0.1:${await peer.line()}`;
    const startedAt = performance.now();
    await using cli = new Cli(['send', address, '--file', path, '--half-close', '--wait', '60000']);
    using watch = new Watch(() => residentOf(cli.pid));
    expect(await peer.line()).toBe(right);
    expect((await cli.end()).code).toBe(0);
    watch.report('the command line', startedAt);
    expect(watch.most).toBeLessThan(mostGrowth);
  });
});
