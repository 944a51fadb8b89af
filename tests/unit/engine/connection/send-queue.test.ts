import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SendQueue } from '#engine/connection/send-queue.ts';
import type { QueuedSend } from '#engine/connection/sends.ts';
import type { Command } from '#engine/connection/step.ts';
import { type Batch, type Batches, Boundaries, singleBatch, singleBoundary } from '#shared/message/boundaries.ts';
import { cases, Reached } from '#support/cases.ts';

/** A send queue whose kernel accepts a write, and whose files are loaded, when the test says so. */
class Kernel {
  readonly written: Uint8Array[] = [];
  readonly sent: Batch[] = [];
  readonly loads: QueuedSend[] = [];
  readonly ended: { send: QueuedSend; sent: number; complete: boolean }[] = [];
  readonly queue: SendQueue;
  readonly #out: Command[] = [];
  #accepted = 0;

  constructor({ messageOriented = false, started = true } = {}) {
    this.queue = new SendQueue({ messageOriented, out: this.#out, framing: { sent: () => {} } });
    if (started) this.queue.release(0);
  }

  push(send: QueuedSend): void {
    this.do((queue) => queue.push(send, 0));
  }

  /** Calls the queue and keeps its commands. */
  do(call: (queue: SendQueue) => void): void {
    call(this.queue);
    for (const command of this.#out.splice(0)) {
      if (command.kind === 'write') this.written.push(command.bytes);
      else if (command.kind === 'record-sent') this.sent.push(command.batch);
      else if (command.kind === 'load') this.loads.push(command.send);
      else if (command.kind === 'settle') this.ended.push(command);
    }
  }

  /** Accepts the write in flight, or refuses it. Returns false if no write is in flight. */
  take(accepted = true): boolean {
    if (this.#accepted === this.written.length) return false;
    this.#accepted += 1;
    this.do((queue) => queue.written(accepted, 0));
    return true;
  }

  takeAll(): void {
    while (this.take());
  }

  /** The number of bytes of each batch that was recorded. */
  get sizes(): number[] {
    return this.sent.map(({ bytes }) => bytes.length);
  }

  /** How far each ended send came. */
  get results(): [number, boolean][] {
    return this.ended.map(({ sent, complete }) => [sent, complete]);
  }
}

const send = (bytes: Uint8Array, more: Partial<QueuedSend> = {}): QueuedSend => {
  return { batches: singleBatch(bytes, singleBoundary(bytes.length)), ...more };
};
const file = (): QueuedSend => ({ batches: { load: () => Promise.reject(new Error('not here')), close: () => {} } });
const batch = (...bytes: number[]): Batch => ({
  bytes: Uint8Array.from(bytes),
  boundaries: singleBoundary(bytes.length),
});
const severalBatches = (...batches: Batch[]): Batches => ({
  size: batches.reduce((sum, { bytes }) => sum + bytes.length, 0),
  next: () => batches.shift(),
});

describe('the send queue', () => {
  test('writes everything once, in order, one write in flight, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 262_140, max: 600_000 })), { maxLength: 6 }),
        (sizes) => {
          const kernel = new Kernel();
          const sends = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
          for (const bytes of sends) kernel.push(send(bytes));
          let writes = 0;
          do {
            expect(kernel.written.length - writes).toBeLessThanOrEqual(1);
            writes = kernel.written.length;
          } while (kernel.take());
          expect(Buffer.concat(kernel.written).equals(Buffer.concat(sends))).toBe(true);
          expect(kernel.sizes).toEqual(sizes);
          const total = sizes.reduce((sum, size) => sum + size, 0);
          expect([kernel.queue.queued, kernel.queue.bytes, kernel.queue.idle]).toEqual([0, total, true]);
        },
      ),
      cases(20),
    );
  });

  test('sends nothing more of a cancelled send whose message in flight is refused', () => {
    const kernel = new Kernel({ messageOriented: true });
    const cancelled: QueuedSend = { batches: severalBatches(batch(1), batch(2), batch(3)) };
    kernel.push(cancelled);
    kernel.do((queue) => queue.cancel(cancelled, 0));
    kernel.take(false);
    expect([kernel.written.length, kernel.queue.queued, kernel.results]).toEqual([1, 0, [[0, false]]]);
  });

  test('counts the bytes of a refused message once if its send is cancelled later', () => {
    const kernel = new Kernel({ messageOriented: true });
    const cancelled: QueuedSend = { batches: severalBatches(batch(1, 1), batch(2), batch(3)) };
    kernel.push(cancelled);
    kernel.take(false);
    kernel.do((queue) => queue.cancel(cancelled, 0));
    kernel.take();
    expect([kernel.written.length, kernel.queue.queued, kernel.results]).toEqual([2, 0, [[1, false]]]);
  });

  test('tells each send how far it came when the socket goes in the middle', () => {
    const kernel = new Kernel();
    for (const size of [10, 600_000, 5]) kernel.push(send(new Uint8Array(size)));
    kernel.take();
    kernel.take();
    let inFlight = 0;
    kernel.do((queue) => {
      inFlight = queue.end();
    });
    kernel.take(false);
    expect(kernel.results).toEqual([
      [10, true],
      [262_144, false],
      [0, false],
    ]);
    expect([inFlight, kernel.queue.queued]).toEqual([262_144, 0]);
    expect(kernel.sizes).toEqual([10, 262_144]);
  });

  test('batches are made one at a time, as they are taken', () => {
    const kernel = new Kernel();
    let made = 0;
    const many: Batches = {
      size: 3_000,
      next() {
        if (made === 3) return undefined;
        made += 1;
        return { bytes: new Uint8Array(1_000), boundaries: singleBoundary(1_000) };
      },
    };
    kernel.push({ batches: many });
    expect([made, kernel.queue.queued]).toEqual([1, 3_000]);
    kernel.take();
    expect([made, kernel.queue.queued]).toEqual([2, 2_000]);
    kernel.takeAll();
    expect([made, kernel.sent.length, kernel.queue.idle]).toEqual([3, 3, true]);
  });

  test('a send that waits for a file keeps its place, and one with nothing to send is passed over', () => {
    const kernel = new Kernel();
    const [first, nothing] = [file(), file()];
    for (const next of [first, nothing, send(Uint8Array.of(2))]) kernel.push(next);
    expect(kernel.written).toEqual([]);
    kernel.do((queue) => queue.loaded(nothing, undefined, false, 0));
    kernel.do((queue) => queue.loaded(first, batch(1), false, 0));
    kernel.take();
    kernel.do((queue) => queue.loaded(first, undefined, false, 0));
    kernel.do((queue) => queue.loaded(nothing, undefined, false, 0));
    kernel.takeAll();
    expect(kernel.written.map((bytes) => [...bytes])).toEqual([[1], [2]]);
    expect([kernel.queue.idle, kernel.results]).toEqual([
      true,
      [
        [1, true],
        [0, true],
        [1, true],
      ],
    ]);
  });

  test('a file is read when its send’s turn comes, not before', () => {
    const kernel = new Kernel();
    const files = Array.from({ length: 100 }, file);
    for (const next of files) kernel.push(next);
    expect([kernel.loads, kernel.queue.queued]).toEqual([[files[0]], 0]);
    kernel.do((queue) => queue.loaded(files[0] as QueuedSend, batch(1, 2, 3), false, 0));
    expect(kernel.queue.queued).toBe(3);
    kernel.take();
    kernel.do((queue) => queue.loaded(files[0] as QueuedSend, undefined, false, 0));
    expect(kernel.loads).toEqual([files[0], files[0], files[1]]);
  });

  test('what waits for a handshake goes when it is done', () => {
    const kernel = new Kernel({ started: false });
    const cancelled = send(Uint8Array.of(2));
    kernel.push(send(Uint8Array.of(1)));
    kernel.push(cancelled);
    kernel.do((queue) => queue.cancel(cancelled, 0));
    expect([kernel.written.length, kernel.queue.queued]).toEqual([0, 1]);
    kernel.do((queue) => queue.release(0));
    kernel.takeAll();
    expect(kernel.written.map((bytes) => [...bytes])).toEqual([[1]]);
  });

  test('the backlog of answers is full with 256 of them or 1 MiB, until half of that is sent', () => {
    const kernel = new Kernel();
    for (let count = 0; count < 255; count += 1) kernel.push(send(Uint8Array.of(1), { isAnswer: true }));
    expect(kernel.queue.answersFull).toBeUndefined();
    kernel.push(send(Uint8Array.of(1), { isAnswer: true }));
    expect(kernel.queue.answersFull).toBe(true);
    for (let count = 0; count < 129; count += 1) kernel.take();
    expect(kernel.queue.answersFull).toBe(false);
    kernel.push(send(new Uint8Array(1_048_576)));
    expect(kernel.queue.answersFull).toBe(false);
    kernel.push(send(new Uint8Array(1_048_576), { isAnswer: true }));
    expect(kernel.queue.answersFull).toBe(true);
    kernel.takeAll();
    expect(kernel.queue.answersFull).toBe(false);
  });
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

describe('a send that is called off', () => {
  test('is recorded just as far as the kernel took it, whenever that is, and the others go whole', () => {
    const reached = new Reached<'goes whole' | 'too late' | 'in the middle' | 'before'>();
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.nat(600_000), calledOffAt: fc.option(fc.nat(6), { nil: undefined }) }), {
          maxLength: 6,
        }),
        (plans) => {
          const kernel = new Kernel();
          const sends = plans.map(({ size }, index) => send(new Uint8Array(size).fill(index + 1)));
          const calledOff = new Set<QueuedSend>();
          const callOff = (at: number) => {
            for (const [index, { calledOffAt }] of plans.entries()) {
              if (calledOffAt !== at) continue;
              calledOff.add(sends[index] as QueuedSend);
              kernel.do((queue) => queue.cancel(sends[index] as QueuedSend, 0));
            }
          };
          for (const next of sends) kernel.push(next);
          let step = 0;
          do {
            callOff(step);
            step += 1;
          } while (kernel.take());
          const total = Buffer.concat(kernel.written).length;
          expect(kernel.queue.bytes).toBe(total);
          expect(kernel.sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
          expect([kernel.queue.queued, kernel.queue.idle]).toEqual([0, true]);
          for (const [index, { size }] of plans.entries()) {
            const { sent, complete } = kernel.ended.find((end) => end.send === sends[index]) ?? {};
            expect(complete).toBe(sent === size && (size > 0 || complete));
            const isCalledOff = calledOff.has(sends[index] as QueuedSend);
            reached.note(!isCalledOff ? 'goes whole' : complete ? 'too late' : sent ? 'in the middle' : 'before');
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
  test('gets each message of a batch separately, the empty ones too', () => {
    const kernel = new Kernel({ messageOriented: true });
    const boundaries = new Boundaries(1);
    for (const end of [2, 2, 5]) boundaries.push(end, 0, 0, 0);
    kernel.push({ batches: singleBatch(Uint8Array.of(1, 2, 3, 4, 5), boundaries) });
    kernel.takeAll();
    expect(kernel.written.map((bytes) => [...bytes])).toEqual([[1, 2], [], [3, 4, 5]]);
    expect(kernel.sizes).toEqual([5]);
    expect([kernel.queue.queued, kernel.queue.bytes, kernel.queue.idle]).toEqual([0, 5, true]);
  });

  test('that refuses one message goes on with the next send', () => {
    const kernel = new Kernel({ messageOriented: true });
    kernel.push(send(new Uint8Array(9)));
    kernel.push(send(new Uint8Array(3)));
    kernel.take(false);
    kernel.takeAll();
    expect(kernel.written.map(({ length }) => length)).toEqual([9, 3]);
    expect(kernel.results).toEqual([
      [0, false],
      [3, true],
    ]);
    expect(kernel.sizes).toEqual([3]);
    expect([kernel.queue.queued, kernel.queue.bytes, kernel.queue.idle]).toEqual([0, 3, true]);
  });
});
