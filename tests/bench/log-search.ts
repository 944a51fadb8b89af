import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSessionLog } from '#session/session-log.ts';
import { benchLiveFilter } from './live-filter.ts';
import { median, report } from './statistics.ts';
import { rareWord, writeBigSession, writeLines } from './subjects/big-session.ts';
import type { PlainTimes } from './subjects/plain-reader.ts';
import type { ReaderTimes } from './subjects/session-reader.ts';

const records = 10_000_000;
/** What tshark is asked about, and what the plain program parses. */
const fewer = 1_000_000;
/** tshark takes some ten seconds for each. */
const tsharkRounds = 3;
const textFilter = `text contains "${rareWord}"`;
const jsonFilter = 'json.user.id == 42';

/** Opening, jumping in and searching a session of ten million records, each against a plain program or tshark. */
export async function benchLogSearch(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wirebench-'));
  try {
    await benchBigSession(folder, rounds);
    await benchTshark(folder);
    await benchLiveFilter(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function benchBigSession(folder: string, rounds: number): Promise<void> {
  const path = join(folder, 'big.wirebench');
  const lines = join(folder, 'lines.jsonl');
  const megabytes = writeBigSession(path, records) / 1e6;
  writeLines(lines, fewer);
  const ours: ReaderTimes[] = [];
  const plain: PlainTimes[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      await run<ReaderTimes>('session-reader', ['--path', path, '--filter', textFilter, '--filter', jsonFilter]),
    );
    plain.push(await run<PlainTimes>('plain-reader', ['--path', path, '--word', rareWord, '--lines', lines]));
  }
  rmSync(path);
  console.log(`A session of ${records / 1e6} million records, ${megabytes.toFixed(0)} MB, opened anew in each round:`);
  const line = (name: string, mine: readonly number[], theirs: readonly number[], unit = 'ms') => {
    const ratios = mine.map((value, index) => value / (theirs[index] as number));
    const most = Math.max(...mine).toFixed(0);
    report(
      name,
      ratios,
      `${median(mine).toFixed(0)} of ${median(theirs).toFixed(1)} ${unit}; the most ${most} ${unit}`,
    );
  };
  const search = (index: number) => ours.map(({ searches }) => searches[index] ?? { firstMs: 0, allMs: 0, matched: 0 });
  line(
    'open to first rows ÷ reading the file once',
    ours.map(({ openMs }) => openMs),
    plain.map(({ readMs }) => readMs),
  );
  line(
    'jump to any place, the worst of 20 ÷ reading one place',
    ours.map(({ jumpsMs }) => Math.max(...jumpsMs)),
    plain.map(({ placeMs }) => placeMs),
  );
  line(
    `${textFilter} over all ÷ Buffer.indexOf`,
    search(0).map(({ allMs }) => allMs),
    plain.map(({ searchMs }) => searchMs),
  );
  line(
    `${jsonFilter} over all ÷ JSON.parse of each line`,
    search(1).map(({ allMs }) => allMs),
    plain.map(({ parseMs }) => (parseMs * records) / fewer),
  );
  const firsts = search(1).map(({ firstMs }) => firstMs);
  console.log(
    `  first matches after ${median(firsts).toFixed(0)} ms (${Math.max(...firsts).toFixed(0)} at most); ` +
      `${search(0)[0]?.matched} and ${search(1)[0]?.matched} matches`,
  );
  line(
    'resident memory ÷ plain program',
    ours.map(({ residentBytes }) => residentBytes / 1e6),
    plain.map(({ residentBytes }) => residentBytes / 1e6),
    'MB',
  );
}

/** The same search by tshark over the exported capture of the same records. */
async function benchTshark(folder: string): Promise<void> {
  const path = join(folder, 'million.wirebench');
  const capture = join(folder, 'million.pcapng');
  writeBigSession(path, fewer);
  const opened = await openSessionLog(path);
  if (!opened.ok) throw new Error(opened.error.system);
  const saved = await opened.value.ask('save', { format: 'pcapng', path: capture });
  if (!saved.ok) throw new Error(saved.error.system);
  await opened.value.close();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < tsharkRounds; round += 1) {
    const { openMs, searches } = await run<ReaderTimes>('session-reader', ['--path', path, '--filter', textFilter]);
    ours.push(openMs + (searches[0]?.allMs ?? Number.NaN));
    const startedAt = performance.now();
    const { stdout } = await promisify(execFile)('tshark', [
      '-n',
      '-r',
      capture,
      '-Y',
      `tcp.payload contains "${rareWord}"`,
    ]);
    theirs.push(performance.now() - startedAt);
    const matched = stdout.split('\n').length - 1;
    if (matched !== searches[0]?.matched) throw new Error(`tshark found ${matched}, we ${searches[0]?.matched}`);
  }
  const figures = `${(median(theirs) / 1e3).toFixed(1)} s of tshark for a million records, ${median(ours).toFixed(0)} ms of ours, opening included`;
  report(
    `tshark -Y on the exported pcapng ÷ ours, ${tsharkRounds} rounds`,
    theirs.map((ms, index) => ms / (ours[index] as number)),
    figures,
  );
}

/** Runs a subject in a process of its own; gives what it sends. */
async function run<T>(program: 'session-reader' | 'plain-reader', args: readonly string[]): Promise<T> {
  const child = fork(new URL(`./subjects/${program}.ts`, import.meta.url), args);
  const exited = once(child, 'exit');
  const sent: unknown[] = await Promise.race([once(child, 'message'), exited.then(() => [])]);
  await exited;
  if (sent.length === 0) throw new Error(`${program} ended with ${child.exitCode}`);
  return sent[0] as T;
}
