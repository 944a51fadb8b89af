import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Batch, type Batches, singleBatch } from '#engine/connections/job.ts';
import { Outbox } from '#engine/connections/outbox.ts';
import { Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { cases, Reached } from '#support/cases.ts';

/** An outbox whose kernel takes a write when the test says so. */
function outboxOf(messages = false) {
  const written: Uint8Array[] = [];
  const answers: ((taken: boolean) => void)[] = [];
  const sent: { batch: Batch; bytes: number }[] = [];
  const outbox = new Outbox({
    messageOriented: messages,
    write(bytes, done) {
      written.push(bytes);
      answers.push(done);
    },
    sent: (batch, bytes) => sent.push({ batch, bytes }),
    moved: () => {},
  });
  const take = (taken = true): boolean => {
    const answer = answers.shift();
    answer?.(taken);
    return answer !== undefined;
  };
  const takeAll = (): void => {
    while (take());
  };
  return { outbox, written, sent, take, takeAll };
}

const job = (bytes: Uint8Array) => singleBatch(bytes, singleBoundary(bytes.length));

describe('the send queue', () => {
  test('writes everything once, in order, one write in flight, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 262_140, max: 600_000 })), { maxLength: 6 }),
        (sizes) => {
          const { outbox, written, sent, take } = outboxOf();
          const jobs = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
          for (const bytes of jobs) outbox.push({ batches: job(bytes) });
          let writes = 0;
          do {
            expect(written.length - writes).toBeLessThanOrEqual(1);
            writes = written.length;
          } while (take());
          expect(Buffer.concat(written).equals(Buffer.concat(jobs))).toBe(true);
          expect(sent.map(({ bytes }) => bytes)).toEqual(sizes);
          expect([outbox.queued, outbox.taken, outbox.idle]).toEqual([
            0,
            sizes.reduce((sum, size) => sum + size, 0),
            true,
          ]);
        },
      ),
      cases(20),
    );
  });

  test('tells each job how far it came when the socket goes in the middle', () => {
    const { outbox, sent, take } = outboxOf();
    const told: [string, number, boolean][] = [];
    const big = new Uint8Array(600_000);
    outbox.push({ batches: job(new Uint8Array(10)), done: (...how) => told.push(['first', ...how]) });
    outbox.push({ batches: job(big), done: (...how) => told.push(['second', ...how]) });
    outbox.push({ batches: job(new Uint8Array(5)), done: (...how) => told.push(['third', ...how]) });
    take();
    take();
    outbox.end();
    take(false);
    expect(told).toEqual([
      ['first', 10, true],
      ['second', 262_144, false],
      ['third', 0, false],
    ]);
    expect(sent.map(({ bytes }) => bytes)).toEqual([10, 262_144]);
    expect(outbox.queued).toBe(0);
  });

  test('a job after the end is refused at once', () => {
    const { outbox, written } = outboxOf();
    outbox.end();
    const told: unknown[] = [];
    outbox.push({ batches: job(new Uint8Array(3)), done: (...how) => told.push(how) });
    expect(told).toEqual([[0, false]]);
    expect(written).toEqual([]);
  });

  test('batches are made one at a time, as they are taken', () => {
    const { outbox, take, takeAll, sent } = outboxOf();
    let made = 0;
    const many: Batches = {
      size: 3_000,
      next() {
        if (made === 3) return undefined;
        made += 1;
        return { bytes: new Uint8Array(1_000), boundaries: singleBoundary(1_000) };
      },
    };
    outbox.push({ batches: many });
    expect([made, outbox.queued]).toEqual([1, 3_000]);
    take();
    expect([made, outbox.queued]).toEqual([2, 2_000]);
    takeAll();
    expect([made, sent.length, outbox.idle]).toEqual([3, 3, true]);
  });

  test('a job that waits for a file keeps its place, and one with nothing to send is passed over', async () => {
    const { outbox, written, takeAll } = outboxOf();
    let loaded: (batches: Batches | undefined) => void = () => {};
    outbox.push({ batches: () => new Promise((resolve) => (loaded = resolve)) });
    outbox.push({ batches: () => Promise.resolve(undefined) });
    outbox.push({ batches: job(Uint8Array.of(2)) });
    expect(written).toEqual([]);
    loaded(job(Uint8Array.of(1)));
    const idle = new Promise<void>((resolve) => outbox.whenIdle(resolve));
    while (!outbox.idle) {
      await Promise.resolve();
      takeAll();
    }
    await idle;
    expect(written.map((bytes) => [...bytes])).toEqual([[1], [2]]);
  });
});

test('a file is read when its job’s turn comes, not before', async () => {
  const { outbox, take } = outboxOf();
  let read = 0;
  const file = async () => {
    read += 1;
    return job(new Uint8Array(7));
  };
  for (let count = 0; count < 100; count += 1) outbox.push({ batches: file });
  await Promise.resolve();
  expect([read, outbox.jobs, outbox.queued]).toEqual([1, 100, 7]);
  take();
  await Promise.resolve();
  expect([read, outbox.jobs, outbox.queued]).toEqual([2, 99, 7]);
});

test('the boundaries of a part are those of its whole messages and what there is of the next', () => {
  const boundaries = new Boundaries(0);
  boundaries.push(4, 1, 1, 0);
  boundaries.push(10, 0, 2, 0);
  const part = boundaries.upTo(7, 2);
  expect([...part.ends.subarray(0, part.count)]).toEqual([4, 7]);
  expect([...part.flags.subarray(0, part.count)]).toEqual([0, 2]);
  expect(boundaries.upTo(4, 2).count).toBe(1);
  expect(boundaries.upTo(0, 2).count).toBe(0);
});

describe('a job that is called off', () => {
  test('is recorded just as far as the kernel took it, whenever that is, and the others go whole', () => {
    const reached = new Reached<'goes whole' | 'too late' | 'in the middle' | 'before'>();
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.nat(600_000), calledOffAt: fc.option(fc.nat(6), { nil: undefined }) }), {
          maxLength: 6,
        }),
        (jobs) => {
          const { outbox, written, sent, take } = outboxOf();
          const aborts = jobs.map(() => new AbortController());
          const done: { bytes: number; complete: boolean }[] = [];
          const calledOff = (at: number) => {
            for (const [index, { calledOffAt }] of jobs.entries()) if (calledOffAt === at) aborts[index]?.abort();
          };
          for (const [index, { size }] of jobs.entries()) {
            outbox.push({
              batches: job(new Uint8Array(size).fill(index + 1)),
              signal: (aborts[index] as AbortController).signal,
              done: (bytes, complete) => {
                done[index] = { bytes, complete };
              },
            });
          }
          let step = 0;
          do {
            calledOff(step);
            step += 1;
          } while (take());
          const total = Buffer.concat(written).length;
          expect(outbox.taken).toBe(total);
          expect(sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total);
          expect([outbox.queued, outbox.idle]).toEqual([0, true]);
          for (const [index, { size }] of jobs.entries()) {
            const { bytes, complete } = done[index] as { bytes: number; complete: boolean };
            expect(complete).toBe(bytes === size && (size > 0 || complete));
            const isCalledOff = aborts[index]?.signal.aborted === true;
            reached.note(!isCalledOff ? 'goes whole' : complete ? 'too late' : bytes > 0 ? 'in the middle' : 'before');
            expect(complete || isCalledOff).toBe(true);
          }
        },
      ),
      cases(100),
    );
    reached.expectEach(['goes whole', 'too late', 'in the middle', 'before'], 5);
  });
});

describe('a transport of messages', () => {
  test('gets each message of a batch by itself, the empty ones too', () => {
    const { outbox, written, sent, takeAll } = outboxOf(true);
    const boundaries = new Boundaries(1);
    for (const end of [2, 2, 5]) boundaries.push(end, 0, 0, 0);
    outbox.push({ batches: singleBatch(Uint8Array.of(1, 2, 3, 4, 5), boundaries) });
    takeAll();
    expect(written.map((bytes) => [...bytes])).toEqual([[1, 2], [], [3, 4, 5]]);
    expect(sent.map(({ bytes }) => bytes)).toEqual([5]);
    expect([outbox.queued, outbox.taken, outbox.idle]).toEqual([0, 5, true]);
  });

  test('that refuses one message goes on with the next job', () => {
    const { outbox, written, sent, take, takeAll } = outboxOf(true);
    const done: [number, boolean][] = [];
    const push = (bytes: Uint8Array) =>
      outbox.push({ batches: job(bytes), done: (taken, complete) => done.push([taken, complete]) });
    push(new Uint8Array(9));
    push(new Uint8Array(3));
    take(false);
    takeAll();
    expect(written.map(({ length }) => length)).toEqual([9, 3]);
    expect(done).toEqual([
      [0, false],
      [3, true],
    ]);
    expect(sent.map(({ bytes }) => bytes)).toEqual([3]);
    expect([outbox.queued, outbox.taken, outbox.idle]).toEqual([0, 3, true]);
  });
});

test('what waits for a handshake goes when it is done', () => {
  const { outbox, written, takeAll } = outboxOf();
  outbox.hold();
  outbox.push({ batches: job(Uint8Array.of(1)) });
  const abort = new AbortController();
  outbox.push({ batches: job(Uint8Array.of(2)), signal: abort.signal });
  abort.abort();
  expect([written.length, outbox.queued]).toEqual([0, 1]);
  outbox.release();
  takeAll();
  expect(written.map((bytes) => [...bytes])).toEqual([[1]]);
});
