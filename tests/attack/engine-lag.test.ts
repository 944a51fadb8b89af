import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { median } from '../bench/statistics.ts';
import { Subject } from '../bench/subject.ts';

/** How long the loop of a server is watched, after a second in which its code is compiled. */
const measureMs = 3_000;
const rounds = 3;

interface Attack {
  readonly peers: number;
  readonly framing: 'raw' | 'json';
  /** What each connection sends first. */
  readonly start?: string;
}

interface Lag {
  readonly delayMs: number;
  readonly turnMs: number;
  readonly bytes: number;
}

/** Returns the worst delay of the server's loop under `attack`, in milliseconds, and how much it received. */
async function lagOf(program: 'engine-server' | 'plain-server', { peers, framing, start = '' }: Attack): Promise<Lag> {
  const subject = await Subject.start(program, { behaviour: 'echo', framing });
  const args = ['--port', `${subject.port}`, '--count', `${peers}`, ...(start === '' ? [] : ['--start', start])];
  subject.watchTurns();
  const attackers = fork(new URL('../bench/subjects/saturating-peers.ts', import.meta.url), args);
  await once(attackers, 'message');
  await setTimeout(1_000);
  const before = await subject.count();
  await setTimeout(measureMs);
  const { delayMs, turnMs, bytes } = await subject.count();
  attackers.disconnect();
  await once(attackers, 'exit');
  await subject.flush();
  await subject.exited();
  return { delayMs, turnMs, bytes: bytes - before.bytes };
}

const attacks: Readonly<Record<string, Attack>> = {
  '50 saturating echo peers': { peers: 50, framing: 'raw' },
  'an endless JSON string': { peers: 1, framing: 'json', start: '{"text":"' },
  '50 endless JSON strings': { peers: 50, framing: 'json', start: '{"text":"' },
};

/**
 * What the thread of a server computed at most without letting a timer run is compared, not how late the timer was: a machine that is busy
 * with something else delays every loop by chance, and often by more. Both are printed.
 */
test('no attack delays the loop of the engine 1.5 times as long as 50 saturating peers delay a plain net echo server', async () => {
  const plain: Lag[] = [];
  const engine = Object.keys(attacks).map((): Lag[] => []);
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await lagOf('plain-server', { peers: 50, framing: 'raw' }));
    for (const [nth, attack] of Object.values(attacks).entries())
      engine[nth]?.push(await lagOf('engine-server', attack));
  }
  const report = (name: string, lags: readonly Lag[]) => {
    const [turnMs, delayMs] = (['turnMs', 'delayMs'] as const).map((figure) => median(lags.map((lag) => lag[figure])));
    const ratios = [plain.map((lag) => lag.turnMs), plain.map((lag) => lag.delayMs)].map((values) => median(values));
    const [turn, delay] = [(turnMs ?? 0) / (ratios[0] ?? 0), (delayMs ?? 0) / (ratios[1] ?? 0)];
    const rate = median(lags.map(({ bytes }) => bytes)) / measureMs / 1_000;
    console.log(
      `${name}: computed ${turnMs?.toFixed(1)} ms at a time (ratio ${turn.toFixed(2)}), loop delayed ${delayMs?.toFixed(0)} ms (ratio ${delay.toFixed(2)}), received ${rate.toFixed(0)} MB/s`,
    );
    return turn;
  };
  report('plain net, 50 saturating echo peers', plain);
  const turns = Object.keys(attacks).map((name, nth) => report(`the engine, ${name}`, engine[nth] ?? []));
  for (const turn of turns) expect(turn).toBeLessThanOrEqual(1.5);
});
