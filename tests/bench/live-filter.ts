import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSessionLog } from '#session/session-log.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { quantile } from './statistics.ts';
import { lineBytes, linesOf } from './subjects/big-session.ts';

const perSecond = 500_000;
const seconds = 3;
const burstMs = 10;
const askEveryMs = 33;

/** Follows a session that records half a million lines a second, through a filter, as a page does. */
export async function benchLiveFilter(folder: string): Promise<void> {
  for (const filter of ['text contains "needle"', 'json.user.id == 42']) {
    const lags = await lagsOf(join(folder, `${filter.length}.wirebench`), filter);
    const [middle, most] = [quantile(lags, 0.5), Math.max(...lags)].map((lag) => ((lag * 1e3) / perSecond).toFixed(1));
    console.log(
      `${`live, 500 000 lines a second: ${filter}`.padEnd(58)} behind by ${middle} ms of records, ${most} ms at most ` +
        `(${lags.length} answers, ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB resident)`,
    );
  }
}

/** For each answer how many of the records in the file were not searched yet. */
async function lagsOf(path: string, filter: string): Promise<number[]> {
  const created = createSessionLog({ path, name: 'live', appVersion: 'bench' });
  if (!created.ok) throw new Error(created.error.system);
  const log = created.value;
  log.describe({
    id: 1,
    role: 'accepted',
    transport: 'tcp',
    endpoint: 'live',
    name: 'live',
    local: '127.0.0.1:12345',
    peer: '127.0.0.1:51422',
    framing: 'line',
  });
  // Loads the filter language before the clock starts.
  const made = await log.query({ filter });
  if (!made.ok) throw new Error(made.error.system);
  const query = made.value.id;
  await log.ask('window', { query, first: 0, count: 1 });
  const perBurst = (perSecond * burstMs) / 1e3;
  const bytes = Buffer.alloc(perBurst * lineBytes);
  linesOf(0, perBurst, bytes);
  const boundaries = new Boundaries();
  for (let line = 1; line <= perBurst; line += 1) boundaries.push(line * lineBytes, 0, 1, 0);
  const carryOver = new Uint8Array(0);
  const startedAt = performance.now();
  let bursts = 0;
  const sending = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / burstMs) - bursts;
    for (let burst = 0; burst < due; burst += 1) log.messages(1, 'in', Date.now(), carryOver, bytes, boundaries);
    bursts += Math.max(0, due);
  }, burstMs);
  const lags: number[] = [];
  while (performance.now() - startedAt < seconds * 1e3) {
    const answer = await log.ask('window', { query, first: 0, count: 50 });
    if (!answer.ok) throw new Error(answer.error.system);
    // Against what is recorded, not against what the file had when the question was put.
    lags.push(log.total - answer.value.scanned);
    await sleep(askEveryMs);
  }
  clearInterval(sending);
  await log.close();
  return lags;
}
