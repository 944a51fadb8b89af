import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { median, report } from './statistics.ts';

const bin = fileURLToPath(new URL('../../tools/wirebench.js', import.meta.url));
const reportUsage = fileURLToPath(new URL('./subjects/report-usage.cjs', import.meta.url));
const runsInRound = 5;

/** What one run of a program cost. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** One message sent and its reply printed by the command line, against a Node that does nothing. */
export async function benchCliStart(rounds: number): Promise<void> {
  const server = net.createServer((socket) => socket.on('data', (data) => socket.write(data)).on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const ours = [bin, 'send', `127.0.0.1:${port}`, '--framing', 'line', '--data', 'ping', '--expect', '1'];
  const theirs = ['-e', '0'];
  // The first start fills the cache of compiled code.
  await timeRun(ours);
  const costs = { ours: [] as Cost[], theirs: [] as Cost[] };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const of = { ours: [] as Cost[], theirs: [] as Cost[] };
    for (let run = 0; run < runsInRound; run += 1) {
      of.ours.push(await costOf(ours));
      of.theirs.push(await costOf(theirs));
    }
    ratios.push(middle(of.ours, 'wallMs') / middle(of.theirs, 'wallMs'));
    costs.ours.push(...of.ours);
    costs.theirs.push(...of.theirs);
  }
  server.close();
  const [wall, cpu, peak] = (['wallMs', 'cpuMs', 'peakMb'] as const).map(
    (figure) => [middle(costs.ours, figure), middle(costs.theirs, figure)] as const,
  ) as [Pair, Pair, Pair];
  report(
    'start of `wirebench send`, one message and its reply',
    ratios,
    `${wall[0].toFixed(0)} against ${wall[1].toFixed(0)} ms; cpu ${(cpu[0] / cpu[1]).toFixed(2)} ×, ` +
      `memory ${peak[0].toFixed(0)} against ${peak[1].toFixed(0)} MB (lower is better)`,
  );
}

type Pair = readonly [ours: number, theirs: number];

function middle(costs: readonly Cost[], figure: keyof Cost): number {
  return median(costs.map((cost) => cost[figure]));
}

/** Runs `node` with `args` twice: once for the time, and once, with a script loaded that looks, for what it used. */
async function costOf(args: readonly string[]): Promise<Cost> {
  const wallMs = await timeRun(args);
  const child = spawn(process.execPath, ['--require', reportUsage, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const usage = JSON.parse(await text(child.stdio[3] as Readable)) as NodeJS.ResourceUsage;
  return { wallMs, cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1_000, peakMb: usage.maxRSS / 1_024 };
}

/** Milliseconds from the start of `node` with `args` to its end. */
async function timeRun(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}
