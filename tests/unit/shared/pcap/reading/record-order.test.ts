import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boundaries } from '#shared/message/boundaries.ts';
import { RecordOrder } from '#shared/pcap/reading/record-order.ts';
import { MemoryLog } from '#support/memory-log.ts';

const none = Buffer.alloc(0);

function order() {
  const log = new MemoryLog();
  const tickets: [number, number][] = [];
  return { log, tickets, order: new RecordOrder(log, (ticket, seq) => tickets.push([ticket, seq])) };
}

/** Records a message whose bytes are then overwritten, as those of a packet are. */
function message(to: RecordOrder, socket: number, direction: 'in' | 'out', at: number, text: string): void {
  const bytes = Buffer.from(text);
  const boundaries = new Boundaries(1);
  boundaries.push(bytes.length, 0, 0, 0);
  to.messages(socket, direction, at, none, bytes, boundaries, 0);
  bytes.fill(0);
}

const texts = ({ records }: MemoryLog) => records.map(({ kind, bytes }) => (bytes.length > 0 ? String(bytes) : kind));

describe('a record order', () => {
  it('lets everything pass while nothing is held back', () => {
    const { log, order: to } = order();
    message(to, 1, 'in', 5, 'five');
    message(to, 1, 'in', 3, 'three');
    expect(texts(log)).toEqual(['five', 'three']);
  });

  it('puts what was held back before what came meanwhile, and keeps the order within a direction', () => {
    const { log, tickets, order: to } = order();
    to.hold(10);
    message(to, 2, 'in', 11, 'other');
    to.event(1, 12, { kind: 'problem', text: '' }, 'out');
    message(to, 1, 'in', 15, 'fifteen');
    message(to, 1, 'in', 10, 'ten, behind fifteen');
    message(to, 1, 'out', 10, 'behind the problem');
    message(to, 3, 'in', 10, 'ten');
    expect(texts(log)).toEqual(['ten']);
    to.settle(undefined);
    expect(texts(log)).toEqual([
      ...['ten', 'other', 'problem', 'behind the problem', 'fifteen', 'ten, behind fifteen'],
    ]);
    expect(tickets).toEqual([5, 0, 1, 4, 2, 3].map((ticket, seq) => [ticket, seq]));
  });

  it('records an event of a socket behind both its directions, and what follows behind it', () => {
    const { log, order: to } = order();
    to.hold(0);
    message(to, 1, 'in', 20, 'in');
    message(to, 1, 'out', 5, 'out');
    to.event(1, 6, { kind: 'closed', cause: 'local', bytesIn: 0, bytesOut: 0 });
    to.settle(undefined);
    expect(texts(log)).toEqual(['out', 'in', 'closed']);
  });

  it('holds no more than it may, and loses nothing', () => {
    const { log, order: to } = order();
    to.hold(0);
    for (let index = 1; index <= 70_000; index += 1) to.event(1, index, { kind: 'problem', text: '' }, 'in');
    expect(log.records).toHaveLength(70_000 - 65_536);
    const large = order();
    large.order.hold(0);
    for (let index = 1; index <= 5; index += 1) message(large.order, 1, 'in', index, 'x'.repeat(10 * 1_048_576));
    expect(large.log.records).toHaveLength(2);
  });

  it('gives every record once, and those of a direction in their order, whatever is held back', () => {
    const step = fc.record({
      socket: fc.integer({ min: 1, max: 3 }),
      direction: fc.constantFrom('in' as const, 'out' as const),
      at: fc.nat(100),
      next: fc.constantFrom('hold', 'settle', 'go on'),
      until: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { log, order: to } = order();
        to.hold(0);
        for (const [index, { socket, direction, at, next, until }] of steps.entries()) {
          if (next === 'hold') to.hold(until);
          if (next === 'settle') to.settle(until);
          message(to, socket, direction, at, `${index} ${at}`);
        }
        to.settle(undefined);
        const got = log.records.map(({ bytes }) => Number(String(bytes).split(' ')[0]));
        expect([...got].sort((a, b) => a - b)).toEqual(steps.map((_, index) => index));
        for (const flow of ['1in', '1out', '2in', '2out', '3in', '3out']) {
          const own = got.filter((index) => `${steps[index]?.socket}${steps[index]?.direction}` === flow);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }),
    );
  });
});
