import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { type Load, sendAll, startPacedSender } from './senders.ts';
import { median, reportFigure } from './statistics.ts';
import { Subject } from './subject.ts';

const lines: Load = { size: 65_536, count: 10_000, line: 64 };
const records = (lines.size / lines.line) * lines.count;
const linesPerSecond = 500_000;
const measureMs = 3_000;

/** What ten million records leave in the memory, and how much of the engine's thread 500 000 messages a second take. */
export async function benchEngineLoad(rounds: number): Promise<void> {
  const grown: number[] = [];
  const delays: number[] = [];
  const shares: number[] = [];
  const plainShares: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    grown.push(await memoryGrown());
    const engine = await paced('engine-server');
    const plain = await paced('plain-server');
    delays.push(engine.delayMs);
    shares.push(engine.share);
    plainShares.push(plain.share);
  }
  reportFigure(`resident memory grown by ${(records / 1e6).toFixed(1)} million records, MB (< 100)`, grown);
  reportFigure('worst delay of the engine’s loop at 500 000 messages/s, ms (≤ 20)', delays);
  const plain = `a plain program: ${median(plainShares).toFixed(0)} %`;
  reportFigure('the engine’s thread at 500 000 messages/s, % of a core (≤ 30)', shares, plain);
}

/** Megabytes by which the memory of a recording engine is greater after ten million records than before. */
async function memoryGrown(): Promise<number> {
  const subject = await Subject.start('engine-server', { behaviour: 'silent', framing: 'line' });
  // Code that has run once and buffers that are used again and again are no growth.
  await sendAll(subject.port, { ...lines, count: 200 });
  const { resident } = await subject.count();
  await sendAll(subject.port, lines);
  let state = await subject.count();
  while (state.bytes < lines.size * (lines.count + 200)) state = await subject.count();
  await subject.flush();
  await subject.exited();
  return (state.resident - resident) / 1e6;
}

async function paced(program: 'engine-server' | 'plain-server'): Promise<{ delayMs: number; share: number }> {
  const subject = await Subject.start(program, { behaviour: 'silent', framing: 'line' });
  const sender = startPacedSender(subject.port, linesPerSecond);
  // The first second is not measured: what is compiled then is compiled once.
  await setTimeout(1_000);
  const before = await subject.count();
  const startedAt = performance.now();
  await setTimeout(measureMs);
  const after = await subject.count();
  const ms = performance.now() - startedAt;
  sender.disconnect();
  await once(sender, 'exit');
  await subject.flush();
  await subject.exited();
  const rate = ((after.messages - before.messages) / ms) * 1_000;
  if (rate < linesPerSecond * 0.9) console.log(`  (${program} got only ${rate.toFixed(0)} messages a second)`);
  return { delayMs: after.delayMs, share: (after.cpuMs / ms) * 100 };
}
