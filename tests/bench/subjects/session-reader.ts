// Opens the session file `--path` and asks it what a person would; sends how long each answer took, in milliseconds.
import { parseArgs } from 'node:util';
import type { Session } from '#session/session.ts';
import { openSessionLog } from '#session/session-log.ts';

/** The time until the first answer with a match, and until all is searched; and how many matches there are. */
export interface SearchTimes {
  readonly firstMs: number;
  readonly allMs: number;
  readonly matched: number;
}

export interface ReaderTimes {
  readonly openMs: number;
  readonly jumpsMs: readonly number[];
  readonly searches: readonly SearchTimes[];
  /** Of the whole process, at its highest. */
  readonly residentBytes: number;
}

const rowsOnScreen = 60;
const jumps = 20;

const { values } = parseArgs({
  options: { path: { type: 'string', default: '' }, filter: { type: 'string', multiple: true, default: [] } },
});

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const startedAt = performance.now();
  const value = await work();
  return [performance.now() - startedAt, value];
}

/** Rows from number `first` on, of which there must be some. */
async function rows(session: Session, first: number, query?: string) {
  const answer = await session.ask('window', { query, first, count: rowsOnScreen });
  if (!answer.ok) throw new Error(answer.error.system);
  return answer.value;
}

async function queryOf(session: Session, filter: string): Promise<string> {
  const made = await session.query({ filter });
  if (!made.ok) throw new Error(made.error.system);
  return made.value.id;
}

async function search(session: Session, filter: string): Promise<SearchTimes> {
  const startedAt = performance.now();
  const since = () => performance.now() - startedAt;
  let firstMs = Number.NaN;
  const query = await queryOf(session, filter);
  const ended = new Promise<number>((resolve) => {
    const stop = session.onQueries((statuses) => {
      for (const { query: id, matched, scanned, total } of statuses) {
        if (id !== query) continue;
        if (matched > 0 && Number.isNaN(firstMs)) firstMs = since();
        if (scanned < total) continue;
        stop();
        resolve(since());
      }
    });
  });
  const { matched, scanned, total } = await rows(session, 0, query);
  if (matched > 0) firstMs = since();
  const allMs = scanned === total ? since() : await ended;
  return { firstMs, allMs, matched: (await rows(session, 0, query)).matched };
}

// The session's worker does not keep the process running; its parent does.
process.on('message', () => undefined);
const [openMs, session] = await timed(async () => {
  const opened = await openSessionLog(values.path);
  if (!opened.ok) throw new Error(opened.error.system);
  await rows(opened.value, 0);
  return opened.value;
});
const jumpsMs: number[] = [];
for (let jump = 1; jump <= jumps; jump += 1) {
  const [ms] = await timed(() => rows(session, Math.floor((session.total * jump * 0.618) % session.total)));
  jumpsMs.push(ms);
}
// The filter language is loaded with the first filter; from source that takes far longer than from a build.
await rows(session, 0, await queryOf(session, 'seq == 0'));
const searches: SearchTimes[] = [];
for (const filter of values.filter) searches.push(await search(session, filter));
const residentBytes = process.resourceUsage().maxRSS * 1_024;
process.send?.({ openMs, jumpsMs, searches, residentBytes } satisfies ReaderTimes);
await session.close();
process.disconnect();
