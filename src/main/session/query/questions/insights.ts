import { setImmediate } from 'node:timers/promises';
import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { ok, type Result } from '#shared/failure.ts';
import { InsightFinder } from '#shared/insights/finder.ts';
import type { InsightRecord } from '#shared/insights/socket-track.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { type DecodedBlock, isMessage, readBlock } from '../../format/decoded-block.ts';
import type { Progress, ReaderJob } from '../../threads.ts';
import { type AskedSession, type Question, sliced } from '../asked-session.ts';
import { rowOf } from '../rows.ts';

/** How many records are examined between two places to pause. */
const sliceRecords = 1_024;

/** Examines the records of one session file as it grows, each once. */
class InsightsWalk {
  readonly #index: BlockIndex;
  readonly #finder = new InsightFinder();
  /** The next record: its block, and its place in it. */
  #block = 0;
  #place = 0;

  constructor(index: BlockIndex) {
    this.#index = index;
  }

  /** Examines what the file has beyond the last call; if it was left before its end, the next call continues there. */
  *examine(): Generator<Progress, Result<PageQuestionOutput<'insights'>>> {
    const index = this.#index;
    while (this.#block < index.count) {
      const block = readBlock(index, this.#block);
      if (block === undefined) break;
      this.#finder.know(index.sockets);
      while (this.#place < block.count) {
        const to = Math.min(block.count, this.#place + sliceRecords);
        for (let at = this.#place; at < to; at += 1) this.#take(block, at);
        this.#place = to;
        yield { done: index.positions[this.#block] as number, total: index.end };
      }
      this.#block += 1;
      this.#place = 0;
    }
    this.#finder.finish();
    return ok({ insights: this.#finder.insights.map((insight) => ({ ...insight, evidence: [...insight.evidence] })) });
  }

  #take(block: DecodedBlock, at: number): void {
    const { columns } = block;
    const isBytes = isMessage(block, at);
    const { kind, event, seq, socket, offset, length, flags, at: time } = rowOf(block, at);
    const bytes = (from: number, to: number) =>
      isBytes ? block.bytes(at, from, Math.min(to, columns.lengths[at] as number)) : new Uint8Array(0);
    const record: InsightRecord = { seq, at: time, socket, offset, length, flags, event, bytes };
    this.#finder.take(record, kind);
  }
}

interface Walk {
  readonly walk: InsightsWalk;
  running: Promise<unknown> | undefined;
}

const walks = new WeakMap<AskedSession, Walk>();

/** Returns the insights of the session: see `insightsSchema`. Continues after the records that an earlier question examined. */
export const insights: Question<PageQuestionInput<'insights'>, PageQuestionOutput<'insights'>> = (_, session, job) => {
  const known = walks.get(session) ?? { walk: new InsightsWalk(session.reader.index), running: undefined };
  walks.set(session, known);
  return examined(known, job);
};

/** Examines after what is being examined: two questions do not continue at the same record. */
async function examined(known: Walk, job: ReaderJob): Promise<Result<PageQuestionOutput<'insights'>>> {
  while (known.running) {
    await known.running;
    await setImmediate();
  }
  const running = sliced('Looking for insights', known.walk.examine(), job);
  known.running = running
    .catch(() => undefined)
    .finally(() => {
      known.running = undefined;
    });
  return running;
}
