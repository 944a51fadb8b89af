import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { Reader } from '#session/query/reader.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { childProgram } from './build-children.ts';
import { builtCli } from './cli.ts';
import type { Arrival } from './journal-child.ts';
import { connectTransport } from './page-transport.ts';
import { windowAt } from './reader-rows.ts';
import { answerOf } from './session.ts';

/** What kills of a recording program under load have shown. */
export interface KillFigures {
  readonly kills: number;
  /** Lines whose echo had arrived at the peer. */
  acknowledged: number;
  /** Those of them that are not in the file. */
  lost: number;
  /** For each kill how long before it the echo of the oldest lost line had arrived. Milliseconds. */
  readonly ages: number[];
}

interface Recording {
  readonly child: ChildProcess;
  readonly port: number;
  readonly path: string;
}

/** How long the program is busy at least and at most before it is killed. Milliseconds. */
interface TalkTime {
  readonly leastMs: number;
  readonly mostMs: number;
}

const usualTalk: TalkTime = { leastMs: 0, mostMs: 700 };

export type KilledHost = 'the command line' | 'the browser host';

const starts: Record<KilledHost, (folder: string) => Promise<Recording>> = {
  async 'the command line'(folder) {
    const path = join(folder, 'a.wirebench');
    const args = ['listen', '0', '--echo', '--framing', 'line', '--record', path];
    const child = spawn(process.execPath, [builtCli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    child.stdout.removeAllListeners('data').resume();
    return { child, port: Number(line.split(':').at(-1)), path };
  },

  async 'the browser host'(folder) {
    const env = { ...process.env, WIREBENCH_HOME: folder };
    const child = spawn(process.execPath, [builtCli, 'app', '--no-open'], { stdio: ['pipe', 'pipe', 'inherit'], env });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { port, hash } = new URL(line.replace('Wirebench is running at ', ''));
    const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
    const ask = async (name: Parameters<typeof transport.call>[0], input: unknown) =>
      answerOf((await transport.call(name, input)) as { ok: true; value: { id: string; address: string } });
    const framing = { kind: 'delimiter', delimiter: '0a' };
    const { id } = await ask('endpoints.create', { ...defaultServer, port: 0, framing, behaviour: { kind: 'echo' } });
    const { address } = await ask('endpoints.open', { id });
    transport.close();
    const [name = ''] = readdirSync(join(folder, 'sessions'));
    return { child, port: Number(address.split(':').at(-1)), path: join(folder, 'sessions', name) };
  },
};

/**
 * Starts `host`, has a peer keep it busy, and kills it at a random moment of `talk`, `kills` times. Each file has to open,
 * and to hold a prefix of what each connection sent.
 */
export async function killRounds(host: KilledHost, kills: number, talk = usualTalk): Promise<KillFigures> {
  const figures: KillFigures = { kills, acknowledged: 0, lost: 0, ages: [] };
  for (let round = 0; round < kills; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'wirebench-kill-'));
    try {
      await killOnce(host, folder, figures, talk);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return figures;
}

async function killOnce(host: KilledHost, folder: string, figures: KillFigures, talk: TalkTime): Promise<void> {
  const { child, port, path } = await starts[host](folder);
  const peer = spawn(process.execPath, [childProgram('journal-child'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed = createInterface(peer.stdout)[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  // On a slow machine it may take long until the peer has connected.
  await printed.next();
  await setTimeout(talk.leastMs + Math.random() * (talk.mostMs - talk.leastMs));
  const killedAt = performance.timeOrigin + performance.now();
  child.kill('SIGKILL');
  await exited;
  const { value: line = '' } = await printed.next();
  const recorded = recordedLines(path);
  let oldest = killedAt;
  for (const [connection, arrivals] of byConnection(JSON.parse(line) as Arrival[])) {
    const acknowledged = arrivals.at(-1)?.next ?? 0;
    const kept = recorded.get(connection) ?? 0;
    figures.acknowledged += acknowledged;
    figures.lost += Math.max(0, acknowledged - kept);
    const firstLost = arrivals.find(({ next }) => next > kept);
    if (firstLost) oldest = Math.min(oldest, firstLost.at);
  }
  figures.ages.push(killedAt - oldest);
}

function byConnection(arrivals: readonly Arrival[]): Map<number, Arrival[]> {
  const groups = new Map<number, Arrival[]>();
  for (const arrival of arrivals) {
    const group = groups.get(arrival.connection);
    if (group) group.push(arrival);
    else groups.set(arrival.connection, [arrival]);
  }
  return groups;
}

const windowRows = 500;

/** How many lines of each connection the file has; fails where one of them is missing in between. */
function recordedLines(path: string): Map<number, number> {
  const reader = new Reader(path, false);
  try {
    answerOf(reader.open(Number.POSITIVE_INFINITY));
    while (!reader.scan.finished) reader.scan.run(1_000);
    const { total } = reader.view();
    const lines = new Map<number, number>();
    for (let first = 0; first < total; first += windowRows) {
      for (const { kind, preview } of windowAt(reader, Number.POSITIVE_INFINITY, first, windowRows).rows) {
        if (kind !== 'in') continue;
        const [connection = '', number = ''] = preview.split(':');
        const expected = lines.get(Number(connection)) ?? 0;
        if (Number(number) !== expected) throw new Error(`line ${expected} of connection ${connection} is missing`);
        lines.set(Number(connection), expected + 1);
      }
    }
    return lines;
  } finally {
    reader.close();
  }
}

/** The figures of `host` as a line for people. */
export function figuresText(host: KilledHost, { kills, acknowledged, lost, ages }: KillFigures): string {
  const sorted = [...ages].sort((one, other) => one - other);
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0);
  const spread = `oldest lost: median ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)} ms before the kill`;
  return `${host}: ${kills} kills, ${acknowledged} lines acknowledged, ${lost} of them lost; ${spread}`;
}
