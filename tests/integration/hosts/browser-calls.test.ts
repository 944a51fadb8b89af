import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket as RawSocket } from 'ws';
import { createClient } from '#shared/contract/client.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { decodeHostFrame, encodeCall, tokenProtocol, wireProtocol } from '#shared/contract/wire.ts';
import { ok } from '#shared/failure.ts';
import { startTestHost, type TestHost } from '#support/browser-host.ts';
import { fakeWorkbench } from '#support/fake-workbench.ts';
import { openTransport } from '#support/page-transport.ts';

/** How long anything is waited for: it comes at once, but for a machine that is busy with something else. */
const patienceMs = 20_000;

const limits = { unsentEvents: 1_048_576, unsentReplies: 1_048_576, runningBytes: 1_048_576, calls: 4 };

const progress = (done: number, job = 't'): WorkbenchEvent => ({ kind: 'job.progress', job, done, total: 9 });

/** A page of which the test decides when it reads. */
async function openRaw(host: TestHost): Promise<RawSocket> {
  const socket = new RawSocket(`ws://127.0.0.1:${host.port}/socket`, [wireProtocol, tokenProtocol(host.token)]);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  return socket;
}

describe('a page over the WebSocket', () => {
  it('makes calls that carry bytes both ways, and hears failures as values', async () => {
    const sent: Uint8Array[] = [];
    const workbench = fakeWorkbench({
      'sockets.send': ({ sockets, bytes = Uint8Array.of() }) => {
        sent.push(bytes);
        return ok({ sent: sockets.map((socket) => ({ socket, bytes: bytes.length, error: undefined })) });
      },
      'sessions.payload': () => ok({ bytes: Uint8Array.of(0, 128, 255), total: 3 }),
    });
    const client = createClient(openTransport(await startTestHost({ workbench })));
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);
    expect(await client.call('sockets.send', { sockets: [7], bytes, frame: false })).toEqual({
      ok: true,
      value: { sent: [{ socket: 7, bytes: 300_000 }] },
    });
    expect(Buffer.compare(sent[0] ?? Uint8Array.of(), bytes)).toBe(0);
    const payload = await client.call('sessions.payload', { session: 's', seq: 0, from: 0, length: 3 });
    expect(payload.ok && [...payload.value.bytes]).toEqual([0, 128, 255]);
    expect(await client.call('app.info', {})).toMatchObject({ ok: true, value: { host: 'browser' } });
    expect(await client.call('dialogs.open', { title: 'x', purpose: 'file' })).toMatchObject({
      error: { code: 'unsupported' },
    });
    expect(await client.call('sockets.reset', { socket: 0 })).toMatchObject({ error: { code: 'bad-input' } });
  });

  it('has its queries ended when its connection is lost, and only those', async () => {
    const ended: string[] = [];
    let last = 0;
    const workbench = fakeWorkbench({
      'sessions.query': () => ok({ id: String(++last), usesMarks: false }),
      'sessions.endQuery': ({ query }) => {
        ended.push(query);
        return ok({});
      },
      'sessions.close': () => ok({}),
    });
    const host = await startTestHost({ workbench });
    const other = createClient(openTransport(host));
    await other.call('sessions.query', { session: 's', filter: 'x' });
    const page = await openRaw(host);
    const answered = new Promise((resolve) => page.once('message', resolve));
    page.send(encodeCall({ id: 1, name: 'sessions.query', input: { session: 's', filter: 'y' } }));
    await answered;
    page.terminate();
    await vi.waitUntil(() => ended.length > 0, { timeout: patienceMs });
    expect(await other.call('sessions.close', { session: 's' })).toHaveProperty('ok', true);
    expect(ended).toEqual(['2']);
  });

  it('is answered as an internal failure where a handler has a bug, and goes on', async () => {
    const report = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    onTestFinished(() => report.mockRestore());
    const workbench = fakeWorkbench({
      'sockets.close': () => {
        throw new Error('a bug');
      },
    });
    const client = createClient(openTransport(await startTestHost({ workbench })));
    expect(await client.call('sockets.close', { socket: 1 })).toMatchObject({ error: { code: 'internal' } });
    expect(report).toHaveBeenCalledOnce();
    expect(await client.call('app.info', {})).toMatchObject({ ok: true });
  });

  it('hears every event in order', async () => {
    const workbench = fakeWorkbench();
    const transport = openTransport(await startTestHost({ workbench }));
    const client = createClient(transport);
    const heard: number[] = [];
    client.subscribe((event) => heard.push(event.kind === 'job.progress' ? event.done : -1));
    await client.call('app.info', {});
    for (let done = 0; done < 500; done += 1) workbench.push(progress(done));
    await vi.waitFor(() => expect(heard).toEqual(Array.from({ length: 500 }, (_, done) => done)), patienceMs);
  });

  it('connects again when the host is back, and hears events again', async () => {
    const first = await startTestHost();
    const transport = openTransport(first);
    const client = createClient(transport);
    const states: string[] = [];
    transport.onConnection((state) => states.push(state));
    const heard: unknown[] = [];
    client.subscribe((event) => heard.push(event));
    await client.call('app.info', {});
    await first.close();
    await vi.waitFor(() => expect(transport.connection).toBe('lost'), patienceMs);
    expect(await client.call('app.info', {})).toMatchObject({ error: { code: 'disconnected' } });
    const workbench = fakeWorkbench();
    await startTestHost({ workbench, port: first.port, token: first.token });
    await vi.waitFor(() => expect(transport.connection).toBe('open'), patienceMs);
    expect(await client.call('app.info', {})).toMatchObject({ ok: true });
    workbench.push(progress(1));
    await vi.waitFor(() => expect(heard).toHaveLength(1), patienceMs);
    expect(states).toEqual(['open', 'lost', 'open']);
  });

  it('fails what it waits for when the host goes', async () => {
    const workbench = fakeWorkbench({ 'endpoints.open': () => new Promise(() => {}) });
    const host = await startTestHost({ workbench });
    const client = createClient(openTransport(host));
    await client.call('app.info', {});
    const waiting = client.call('endpoints.open', { id: 'e' });
    await host.close();
    expect(await waiting).toMatchObject({ error: { code: 'disconnected' } });
  });

  it('stops trying when the token is refused, and says what to do', async () => {
    const host = await startTestHost();
    const transport = openTransport({ port: host.port, token: 'of-an-earlier-run' });
    await vi.waitFor(() => expect(transport.connection).toBe('refused'), patienceMs);
    expect(await createClient(transport).call('app.info', {})).toMatchObject({
      error: { code: 'disconnected', system: expect.stringContaining('open the address that Wirebench printed') },
    });
  });

  it('is closed when it sends anything but a call', async () => {
    const host = await startTestHost();
    for (const rubbish of ['text', Uint8Array.of(1, 2, 3), Uint8Array.of(0xc1)]) {
      const socket = await openRaw(host);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.send(rubbish);
      expect(await closed).toBe(1008);
    }
  });

  it('is answered, and not closed, where the input of a call is beyond what any call needs', async () => {
    const host = await startTestHost();
    const socket = await openRaw(host);
    const replies: unknown[] = [];
    socket.on('message', (data: Buffer) => replies.push(decodeHostFrame(data)));
    const maps = new Uint8Array(60 * 1_048_576).fill(0x80);
    // An array of that many empty maps.
    maps.set([0xdd, ...new Uint8Array(Uint32Array.of(maps.length - 5).buffer).toReversed()]);
    socket.send(Buffer.concat([Uint8Array.of(0x93, 1, 0xa1, 0x78), maps]));
    const polluted = Object.defineProperty({}, '__proto__', { value: 1, enumerable: true });
    socket.send(encodeCall({ id: 2, name: 'app.info', input: polluted }));
    socket.send(encodeCall({ id: 3, name: 'app.info', input: {} }));
    await vi.waitFor(() => expect(replies).toHaveLength(3), patienceMs);
    expect(replies).toMatchObject([
      { id: 1, value: { ok: false, error: { code: 'too-large', system: expect.stringContaining('100000 elements') } } },
      { id: 2, value: { ok: false, error: { code: 'bad-input', system: expect.stringContaining('__proto__') } } },
      { id: 3, value: { ok: true } },
    ]);
  });

  it('is dropped when it does not take its events, and the others are not', async () => {
    const workbench = fakeWorkbench();
    const host = await startTestHost({ workbench, limits });
    const [slow, quick] = [await openRaw(host), await openRaw(host)];
    slow.pause();
    let heard = 0;
    quick.on('message', () => {
      heard += 1;
    });
    let dropped = false;
    slow.on('close', () => {
      dropped = true;
    });
    const event = progress(0, 'x'.repeat(256_000));
    // What the kernel holds for a reader that sleeps is bounded, so this ends.
    let pushed = 0;
    while (!dropped && pushed < 500) {
      workbench.push(event);
      pushed += 1;
      await vi.waitFor(() => expect(heard).toBe(pushed), { interval: 1, timeout: patienceMs });
      // A socket that is reset is noticed when it is read, and a page that wakes up reads.
      if (pushed % 50 === 0) slow.resume();
      await setImmediate();
      if (!dropped) slow.pause();
    }
    expect(dropped).toBe(true);
    expect(heard).toBe(pushed);
  });

  it('is not served faster than it takes the replies', async () => {
    let served = 0;
    const workbench = fakeWorkbench({
      'sessions.payload': () => {
        served += 1;
        return ok({ bytes: new Uint8Array(1_000_000), total: 1_000_000 });
      },
    });
    const socket = await openRaw(await startTestHost({ workbench, limits: { ...limits, calls: 1_000 } }));
    let answered = 0;
    socket.on('message', (data: Buffer) => {
      if (decodeHostFrame(data)?.id) answered += 1;
    });
    socket.pause();
    for (let id = 1; id <= 100; id += 1) {
      socket.send(encodeCall({ id, name: 'sessions.payload', input: { session: 's', seq: 0, from: 0, length: 1 } }));
    }
    await vi.waitFor(() => expect(served).toBeGreaterThan(0), patienceMs);
    // Nothing more is served however long it sleeps: the count stands still well below what was asked.
    let before = -1;
    await vi.waitFor(
      () => {
        const same = before === served;
        before = served;
        expect(same).toBe(true);
      },
      { interval: 200, timeout: patienceMs },
    );
    expect(served).toBeLessThan(50);
    socket.resume();
    await vi.waitFor(() => expect(answered).toBe(100), patienceMs);
  });

  it('is refused further calls while too many are running, without being dropped', async () => {
    const workbench = fakeWorkbench({ 'endpoints.open': () => new Promise(() => {}) });
    const client = createClient(openTransport(await startTestHost({ workbench, limits })));
    for (let count = 0; count < limits.calls; count += 1) void client.call('endpoints.open', { id: 'e' });
    expect(await client.call('app.info', {})).toMatchObject({ error: { code: 'too-large' } });
  });
});
