import { describe, expect, it } from 'vitest';
import type { Client } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { Statistics } from '#shared/statistics/statistics.ts';
import { StatisticsView } from '../../../../../src/renderer/features/statistics/statistics-view.ts';

type Answer = (result: Result<Statistics>) => void;

/** An engine whose counts end when the test says so, and a clock that it moves. */
class Rig {
  readonly asked: { readonly filter?: string | undefined; readonly job: string }[] = [];
  readonly cancelled: string[] = [];
  readonly view: StatisticsView;
  readonly #answers: Answer[] = [];
  readonly #listeners = new Set<(event: WorkbenchEvent) => void>();
  #now = 0;
  #timer: { readonly at: number; readonly run: () => void } | undefined;

  constructor() {
    const call = (name: string, input: { filter?: string; job: string }) => {
      if (name === 'jobs.cancel') {
        this.cancelled.push(input.job);
        return Promise.resolve(ok({}));
      }
      this.asked.push(input);
      return new Promise<Result<Statistics>>((answer) => this.#answers.push(answer));
    };
    const subscribe = (listener: (event: WorkbenchEvent) => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    };
    const client = { call, subscribe } as Partial<Client> as Client;
    this.view = new StatisticsView(client, 's', {
      now: () => this.#now,
      later: (run, ms) => {
        this.#timer = { at: this.#now + ms, run };
        return () => {
          this.#timer = undefined;
        };
      },
    });
  }

  get state() {
    return this.view.store.getState();
  }

  tell(event: WorkbenchEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Ends the oldest count, which took `ms`. */
  async answer(result: Result<Statistics>, ms = 10): Promise<void> {
    this.#now += ms;
    this.#answers.shift()?.(result);
    await Promise.resolve();
    await Promise.resolve();
  }

  pass(ms: number): void {
    this.#now += ms;
    const timer = this.#timer;
    if (!timer || timer.at > this.#now) return;
    this.#timer = undefined;
    timer.run();
  }
}

const inOrder = { kind: 'order' } as const;
const counted = (records: number) => ok({ records } as Statistics);
const cancelledAnswer = fail('cancelled', 'Counting the session was cancelled');

function shownRig(total = 5): Rig {
  const rig = new Rig();
  rig.view.setShown(true);
  rig.view.setTotal(total);
  rig.view.ask({ filter: '', pairing: inOrder });
  return rig;
}

describe('the statistics of a session', () => {
  it('are counted once for one question, and again when it changes', async () => {
    const rig = shownRig();
    rig.view.ask({ filter: '', pairing: inOrder });
    expect(rig.asked).toHaveLength(1);
    await rig.answer(counted(5));
    expect(rig.state).toMatchObject({ statistics: { records: 5 }, progress: undefined });
    rig.view.ask({ filter: 'in', pairing: inOrder });
    expect(rig.asked.map(({ filter }) => filter)).toEqual([undefined, 'in']);
    expect(rig.state.statistics).toMatchObject({ records: 5 });
  });

  it('are never counted twice at a time: a new question ends the count under way and waits for its end', async () => {
    const rig = shownRig();
    rig.view.ask({ filter: 'out', pairing: inOrder });
    expect(rig.asked).toHaveLength(1);
    expect(rig.cancelled).toEqual([rig.asked[0]?.job]);
    await rig.answer(cancelledAnswer);
    expect(rig.asked.map(({ filter }) => filter)).toEqual([undefined, 'out']);
    expect(rig.state.cancelled).toBe(false);
  });

  it('follow a session that grows, but rest three seconds, and four times as long as the count took', async () => {
    const rig = shownRig(5);
    rig.view.setTotal(6);
    await rig.answer(counted(5), 10);
    rig.pass(2_999);
    expect(rig.asked).toHaveLength(1);
    rig.pass(1);
    expect(rig.asked).toHaveLength(2);
    await rig.answer(counted(6), 2_000);
    rig.view.setTotal(7);
    rig.pass(7_999);
    expect(rig.asked).toHaveLength(2);
    rig.pass(1);
    expect(rig.asked).toHaveLength(3);
  });

  it('are left in peace while nothing new comes, and while they are not shown', async () => {
    const rig = shownRig(5);
    await rig.answer(counted(5));
    rig.pass(60_000);
    expect(rig.asked).toHaveLength(1);
    rig.view.setShown(false);
    rig.view.setTotal(9);
    rig.pass(60_000);
    expect(rig.asked).toHaveLength(1);
    rig.view.setShown(true);
    expect(rig.asked).toHaveLength(2);
  });

  it('tell how far the count is, and that it was cancelled; then only Refresh begins another one', async () => {
    const rig = shownRig();
    const job = rig.asked[0]?.job ?? '';
    rig.tell({ kind: 'job.progress', job: 'another', done: 9, total: 10 });
    rig.tell({ kind: 'job.progress', job, done: 3, total: 4 });
    expect(rig.state.progress).toBe(0.75);
    rig.view.cancel();
    await rig.answer(cancelledAnswer);
    expect(rig.state).toMatchObject({ cancelled: true, failure: undefined, progress: undefined });
    rig.view.setTotal(50);
    rig.pass(60_000);
    expect(rig.asked).toHaveLength(1);
    rig.view.refresh();
    await rig.answer(counted(50));
    expect(rig.state).toMatchObject({ cancelled: false, statistics: { records: 50 } });
  });

  it('show why they cannot be counted beside what was counted before', async () => {
    const rig = shownRig();
    await rig.answer(counted(5));
    rig.view.ask({ filter: '', pairing: { kind: 'path', request: 'id', reply: 'id' } });
    await rig.answer(fail('bad-input', 'Could not pair by “id”'));
    expect(rig.state).toMatchObject({ failure: { code: 'bad-input' }, statistics: { records: 5 } });
    rig.view.ask({ filter: '', pairing: inOrder });
    await rig.answer(counted(5));
    expect(rig.state.failure).toBeUndefined();
  });
});
