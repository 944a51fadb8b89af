import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { TestEngine } from '#support/engine.ts';

const line = parseFraming('line') as FramingSpec;
const length = parseFraming('len:2be') as FramingSpec;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** The messages that a socket has sent, as they are recorded. */
function sent(bench: TestEngine, socket: number): string[] {
  return bench.log
    .of(socket)
    .filter(({ kind }) => kind === 'out')
    .map(({ bytes }) => String(Buffer.from(bytes)));
}

describe('a batch of messages', () => {
  test('is framed and recorded message by message, and arrives in its order', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ framing: line, behaviour: { kind: 'silent' } });
    const { socket } = await bench.connect(port, { framing: line });
    const messages = Array.from({ length: 300 }, (_, number) => utf8(`message ${number}`));
    const outcomes = await bench.engine.sendBatch([socket], messages, { frame: true });
    const framed = messages.map((message) => `${Buffer.from(message)}\n`);
    expect(outcomes).toEqual([{ socket, bytes: framed.join('').length, messages: 300 }]);
    expect(sent(bench, socket)).toEqual(framed);
    const peer = await bench.accepted();
    expect(String(await bench.stream(peer, 'in', framed.join('').length))).toBe(framed.join(''));
  });

  test('of any messages gives the records and the bytes that single sends give', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const one = await bench.connect(port, { framing: length });
    const other = await bench.connect(port, { framing: length });
    const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(bodies, fc.boolean(), async (messages, frame) => {
        const [before, same] = [sent(bench, one.socket).length, sent(bench, other.socket).length];
        const [batch] = await bench.engine.sendBatch([one.socket], messages, { frame });
        let bytes = 0;
        for (const message of messages) bytes += (await bench.send([other.socket], message, frame))[0]?.bytes ?? 0;
        expect(batch).toEqual({ socket: one.socket, bytes, messages: messages.length });
        expect(sent(bench, one.socket).slice(before)).toEqual(sent(bench, other.socket).slice(same));
      }),
      { numRuns: 50 },
    );
  });

  test('is one datagram a message over UDP, and ends at the first that is refused', async () => {
    await using bench = new TestEngine();
    const udp = { transport: 'udp', host: '127.0.0.1' } as const;
    const { port } = await bench.serve({ ...udp, behaviour: { kind: 'echo' } });
    const { socket } = await bench.connect(port, udp);
    const messages = ['one', 'two', 'three'].map(utf8);
    expect(await bench.engine.sendBatch([socket], messages, { frame: false })).toEqual([
      { socket, bytes: 11, messages: 3 },
    ]);
    await bench.stream(socket, 'in', 11);
    const received = bench.log.of(socket).filter(({ kind }) => kind === 'in');
    expect(received.map(({ bytes }) => String(Buffer.from(bytes)))).toEqual(['one', 'two', 'three']);
    const tooLong = [utf8('four'), new Uint8Array(70_000), utf8('five')];
    const [refused] = await bench.engine.sendBatch([socket], tooLong, { frame: false });
    expect(refused).toMatchObject({ bytes: 4, messages: 1, error: { code: 'too-large' } });
    expect(sent(bench, socket)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('ends before a message that cannot be framed, and says so', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const { socket } = await bench.connect(port, { framing: length });
    const messages = [utf8('fits'), new Uint8Array(70_000), utf8('later')];
    const [outcome] = await bench.engine.sendBatch([socket], messages, { frame: true });
    expect(outcome).toMatchObject({ bytes: 6, messages: 1, error: { code: 'bad-input' } });
    expect(sent(bench, socket)).toEqual(['\0\u0004fits']);
  });

  test('is sent one by one where the queue has room for one message only', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const limits = { maxQueued: 2_048 };
    const { socket } = await bench.connect(port, { limits });
    const messages = Array.from({ length: 5 }, () => new Uint8Array(1_500));
    const [outcome] = await bench.engine.sendBatch([socket], messages, { frame: false });
    expect(outcome).toEqual({ socket, bytes: 7_500, messages: 5 });
  });

  test('that is cancelled while the peer does not read says how many messages were sent', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const { socket } = await bench.connect(port, {});
    const peer = await bench.accepted();
    bench.engine.setReading(peer, false);
    const messages = Array.from({ length: 64 }, () => new Uint8Array(262_144));
    const cancel = new AbortController();
    const sending = bench.engine.sendBatch([socket], messages, { frame: false, signal: cancel.signal });
    await bench.log.until(() => (bench.engine.socket(socket)?.queued ?? 0) > 0);
    cancel.abort();
    bench.engine.setReading(peer, true);
    const [outcome] = await sending;
    expect(outcome).toMatchObject({ error: { code: 'cancelled' } });
    expect(outcome?.messages).toBeLessThan(64);
    expect(outcome?.bytes).toBe((outcome?.messages ?? 0) * 262_144);
    expect(sent(bench, socket)).toHaveLength(outcome?.messages ?? -1);
  });

  test('to a connection that has ended sends nothing, and the other sockets get all of it', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'silent' } });
    const [gone, stays] = [await bench.connect(port, {}), await bench.connect(port, {})];
    bench.engine.reset(gone.socket);
    await bench.event(gone.socket, 'closed');
    const messages = ['a', 'b'].map(utf8);
    const outcomes = await bench.engine.sendBatch([gone.socket, stays.socket], messages, { frame: false });
    expect(outcomes[0]).toMatchObject({ socket: gone.socket, bytes: 0, messages: 0, error: { code: 'wrong-state' } });
    expect(outcomes[1]).toEqual({ socket: stays.socket, bytes: 2, messages: 2 });
  });
});
