import { expect, test } from 'vitest';
import { closed, Dialogue, read, reframe } from '#support/dialogue.ts';

/** What an open connection with this framing receives. A gap or an overdue message is noticed when its timer is due. */
class Receiver {
  readonly dialogue: Dialogue;

  constructor(framing: string, maxMessage = 1_048_576) {
    this.dialogue = new Dialogue({ framing, limits: { maxMessage } });
    this.dialogue.say('handshake-done');
  }

  get received() {
    return this.dialogue.machine.received;
  }

  receive(bytes: string | readonly number[]): void {
    this.dialogue.say(typeof bytes === 'string' ? read(bytes) : read(Buffer.from(bytes).toString('latin1')));
  }

  pass(ms: number): void {
    const end = this.dialogue.now + ms;
    for (;;) {
      const due = [...this.dialogue.timers].toSorted(([, one], [, other]) => one - other)[0];
      if (!due || due[1] > end) break;
      const [timer, at] = due;
      this.dialogue.pass(at - this.dialogue.now);
      this.dialogue.timers.delete(timer);
      this.dialogue.say(timer as 'gap-over');
    }
    this.dialogue.pass(end - this.dialogue.now);
  }

  messages(): string[] {
    return this.dialogue.log.records.flatMap(({ kind, bytes }) => (kind === 'in' ? [String(bytes)] : []));
  }
}

test('an idle gap ends a message by the timer, and by the next read where that is late', () => {
  const gapped = new Receiver('gap:50');
  gapped.receive('one ');
  gapped.pass(30);
  gapped.receive('message');
  expect(gapped.messages()).toEqual([]);
  gapped.pass(60);
  expect(gapped.messages()).toEqual(['one message']);
  gapped.receive('another');
  // The timer is late.
  gapped.dialogue.pass(60);
  gapped.receive('third');
  expect(gapped.messages()).toEqual(['one message', 'another']);
});

test('a silence of our own making, while reading is paused, ends no message', () => {
  const gapped = new Receiver('gap:50');
  const pause = (ms: number) => {
    gapped.dialogue.say('pause');
    gapped.pass(ms);
    gapped.dialogue.say('resume');
  };
  gapped.receive('one ');
  gapped.pass(20);
  pause(1_000);
  gapped.receive('message');
  expect(gapped.messages()).toEqual([]);
  gapped.pass(60);
  expect(gapped.messages()).toEqual(['one message']);
  pause(1_000);
  gapped.receive('another');
  gapped.pass(60);
  expect(gapped.messages()).toEqual(['one message', 'another']);
});

test('a message that waits for bytes is overdue after a second, until its stream ends', () => {
  const receiver = new Receiver('len:2be');
  receiver.receive([0xff, 0xff, 1, 2, 3]);
  receiver.pass(999);
  expect(receiver.received.overdue).toBe(false);
  expect(receiver.received.incomplete).toEqual({ bytes: 5, missing: 65_532, says: 65_535, header: 2 });
  receiver.pass(1);
  expect(receiver.received.overdue).toBe(true);
  receiver.receive([4]);
  expect(receiver.received.incomplete).toEqual({ bytes: 6, missing: 65_531, says: 65_535, header: 2 });
  expect([receiver.received.overdue, receiver.dialogue.timers.size]).toEqual([true, 0]);
  receiver.dialogue.say(closed);
  expect([receiver.received.overdue, receiver.received.incomplete]).toEqual([false, undefined]);
});

test('messages that are complete within a second are never overdue, however many there are', () => {
  const receiver = new Receiver('fixed:4');
  for (let count = 0; count < 1_000; count += 1) {
    for (const bytes of ['ab', 'cdef', 'gh']) {
      receiver.receive(bytes);
      expect(receiver.received.overdue).toBe(false);
      receiver.pass(100);
    }
  }
  expect(receiver.received.incomplete).toBeUndefined();
});

test('a message that is out in pieces is counted as a whole', () => {
  const receiver = new Receiver('fixed:102', 10);
  receiver.receive([...new Uint8Array(32)]);
  expect(receiver.received.incomplete).toEqual({ bytes: 32, missing: 70, header: 0 });
  receiver.receive([...new Uint8Array(70)]);
  expect(receiver.received.incomplete).toBeUndefined();
});

test('another framing begins the second of what waits again', () => {
  const receiver = new Receiver('len:2be');
  receiver.receive('{"a":');
  receiver.pass(2_000);
  expect(receiver.received.overdue).toBe(true);
  receiver.dialogue.say(reframe('json'));
  expect([receiver.received.overdue, receiver.received.incomplete]).toEqual([false, { bytes: 5, missing: 0 }]);
  receiver.pass(1_000);
  expect(receiver.received.overdue).toBe(true);
  receiver.receive('1}');
  expect([receiver.received.overdue, receiver.received.incomplete]).toEqual([false, undefined]);
});

test.each([
  ['json', '{}\n '],
  ['xml', '<a/>\n'],
  ['http', 'GET / HTTP/1.1\r\n\r\n\r\n'],
  ['slip', 'ab\xc0\xc0'],
  ['cobs', '\x02a\0\0'],
])('what stands between messages of %s is no incomplete message', (framing, text) => {
  const receiver = new Receiver(framing);
  receiver.receive(text);
  expect(receiver.received.incomplete).toBeUndefined();
});

test('the body of an HTTP message says how much of it is missing, and a line does not', () => {
  const http = new Receiver('http');
  const header = 'POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n';
  http.receive(`${header}abc`);
  expect(http.received.incomplete).toEqual({
    name: 'Content-Length',
    bytes: header.length + 3,
    missing: 7,
    says: 10,
    header: header.length,
    atLeast: false,
  });
  const lsp = new Receiver('lsp');
  lsp.receive('Content-Length: 9\r\n\r\nab');
  expect(lsp.received.incomplete).toMatchObject({ bytes: 23, missing: 7, header: 21, name: 'Content-Length' });
  const line = new Receiver('line');
  line.receive('one\ntwo');
  expect(line.received.incomplete).toEqual({ bytes: 3, missing: 0 });
});
