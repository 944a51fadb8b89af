import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { JobInput, JobView } from '#shared/contract/jobs/catalogue.ts';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { readHandle } from '#support/file-handles.ts';
import { startPeer } from '#support/peer.ts';
import { startWorkbench, type TestWorkbench, testHome } from '#support/workbench.ts';

const patience = { timeout: 30_000, interval: 5 };
const line = parseFraming('line') as FramingSpec;
const hello = new TextEncoder().encode('hello');
const hour = 3_600_000;

type Settings = Partial<Omit<JobInput, 'kind'>>;

/** A workbench with a client that is connected to `port`. */
async function connected(port: number) {
  const bench = await startWorkbench(await testHome());
  const config = { ...defaultClient, port, framing: line };
  const { id } = await bench.value('endpoints.create', config);
  const { socket } = await bench.value('endpoints.open', { id });
  const start = (settings: Settings = {}) =>
    bench.value('jobs.start', {
      ...{ kind: 'repeat', sockets: [socket], bytes: hello, frame: true, intervalMs: 0, jitterMs: 0 },
      ...settings,
    });
  return { bench, id, socket, start };
}

/** A server of the test that keeps what it receives. */
async function listening(answer: (socket: net.Socket, text: string) => void = () => {}) {
  let text = '';
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      text += data;
      answer(socket, String(data));
    });
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, text: () => text, sockets };
}

async function jobOf(bench: TestWorkbench, id: string): Promise<JobView<'repeat'> | undefined> {
  const { jobs } = await bench.value('app.snapshot', {});
  return jobs.find((job): job is JobView<'repeat'> => job.kind === 'repeat' && job.id === id);
}

async function ended(bench: TestWorkbench, id: string): Promise<JobView<'repeat'>> {
  return vi.waitUntil(async () => {
    const job = await jobOf(bench, id);
    return job?.state === 'running' ? undefined : job;
  }, patience) as Promise<JobView<'repeat'>>;
}

describe('a repeated send', () => {
  test('sends one payload 100 times every 20 ms, as a Python peer counts it', async () => {
    await using peer = await startPeer('count_lines.py');
    const { bench, socket, start } = await connected(Number(await peer.line()));
    const { id } = await start({ count: 100, intervalMs: 20 });
    expect(await ended(bench, id)).toMatchObject({ state: 'done', sent: 100, failed: 0, count: 100 });
    await bench.value('sockets.shutdown', { socket });
    const [count, lines, span] = (await peer.line()).split(' ');
    expect([count, lines]).toEqual(['100', 'hello\\n']);
    // 99 intervals; what was late does not add up.
    expect(Number(span)).toBeGreaterThan(1_900);
    const reported = () => bench.events.flatMap((event) => (event.kind === 'jobs' ? event.changed : []));
    await vi.waitUntil(() => reported().at(-1)?.state === 'done', patience);
    const progress = reported();
    expect(progress.length).toBeGreaterThan(10);
    expect(progress.at(-1)).toMatchObject({ id, state: 'done', sent: 100 });
    expect(JSON.stringify(progress)).not.toContain('hello');
  });

  test('reports progress at most about 30 times a second, however fast it sends', async () => {
    const { port } = await listening();
    const { bench, start } = await connected(port);
    const { id } = await start({ count: 20_000 });
    const { elapsedMs } = await ended(bench, id);
    const reports = bench.events.filter(({ kind }) => kind === 'jobs').length;
    expect(reports).toBeLessThanOrEqual(elapsedMs / 33 + 3);
  });

  test('that is cancelled sends nothing more, and stays in the list until it is cleared', async () => {
    const peer = await listening();
    const { bench, socket, start } = await connected(peer.port);
    const { id } = await start({ intervalMs: 1 });
    await vi.waitUntil(() => peer.text().length > 60, patience);
    await bench.value('jobs.cancel', { job: id });
    const job = await ended(bench, id);
    expect(job.state).toBe('cancelled');
    const [peerSocket] = peer.sockets;
    await bench.value('sockets.shutdown', { socket });
    if (!peerSocket?.readableEnded) await once(peerSocket as net.Socket, 'end');
    expect(peer.text()).toBe('hello\n'.repeat(job.sent));
    await bench.value('jobs.clear', { job: id });
    expect(await jobOf(bench, id)).toBeUndefined();
    await vi.waitUntil(
      () => bench.events.some((event) => event.kind === 'jobs' && event.removed.includes(id)),
      patience,
    );
  });

  test('without an interval sends every message exactly once, framed and recorded, with its own number', async () => {
    const peer = await listening();
    const { bench, socket, start } = await connected(peer.port);
    const payload = { format: 'text', text: '{{ counter }} {{ message }}', encoding: 'utf-8', template: true } as const;
    const { id } = await start({ bytes: undefined, payload, count: 5_000 });
    expect(await ended(bench, id)).toMatchObject({ state: 'done', sent: 5_000, failed: 0 });
    const expected = Array.from({ length: 5_000 }, (_, index) => `${index + 1} ${index + 1}\n`).join('');
    await vi.waitUntil(() => peer.text().length >= expected.length, patience);
    expect(peer.text()).toBe(expected);
    const view = (await bench.value('app.snapshot', {})).sockets.find((one) => one.id === socket);
    expect(view).toMatchObject({ messagesOut: 5_000, bytesOut: expected.length });
  });

  test('ends at the message that cannot be rendered, after those before it', async () => {
    const peer = await listening();
    const { bench, start } = await connected(peer.port);
    const payload = { format: 'hex', text: '{{ counter | u8 }}', encoding: 'utf-8', template: true } as const;
    const { id } = await start({ bytes: undefined, payload, frame: false });
    expect(await ended(bench, id)).toMatchObject({
      ...{ state: 'failed', sent: 255, failed: 1 },
      error: { code: 'bad-input', message: 'The repeated send ended after 255 messages' },
    });
    await vi.waitUntil(() => peer.text().length >= 255, patience);
  });

  test('that is cancelled while it sends without an interval counts exactly what was sent', async () => {
    const peer = await listening();
    const { bench, socket, start } = await connected(peer.port);
    const { id } = await start();
    await vi.waitUntil(() => peer.text().length > 100_000, patience);
    await bench.value('jobs.cancel', { job: id });
    expect(await ended(bench, id)).toMatchObject({ state: 'cancelled' });
    const [peerSocket] = peer.sockets;
    await bench.value('sockets.shutdown', { socket });
    if (!peerSocket?.readableEnded) await once(peerSocket as net.Socket, 'end');
    const { sent = 0 } = (await jobOf(bench, id)) ?? {};
    expect(peer.text().length).toBe('hello\n'.length * sent);
  });

  test('ends with the reason as soon as the peer closes, also between two messages', async () => {
    const peer = await listening();
    const { bench, start } = await connected(peer.port);
    const { id } = await start({ count: 5, intervalMs: hour });
    await vi.waitUntil(() => peer.text() !== '', patience);
    expect(await jobOf(bench, id)).toMatchObject({ state: 'running', sent: 1, nextMs: expect.closeTo(hour, -2) });
    peer.sockets[0]?.resetAndDestroy();
    expect(await ended(bench, id)).toMatchObject({
      state: 'failed',
      error: { code: 'closed', message: 'The repeated send ended after 1 of 5 messages' },
    });
  });

  test('ends and is no longer listed when its endpoint is removed', async () => {
    const { port } = await listening();
    const { bench, id: endpoint, start } = await connected(port);
    const { id } = await start({ intervalMs: hour });
    await bench.value('endpoints.remove', { id: endpoint });
    await vi.waitUntil(async () => !(await jobOf(bench, id)), patience);
  });

  test('pauses while the peer does not read, and goes on when it does', async () => {
    const peer = await listening();
    const { bench, start } = await connected(peer.port);
    await vi.waitUntil(() => peer.sockets.length === 1, patience);
    peer.sockets[0]?.pause();
    const bytes = new Uint8Array(4_000_000).fill(0x61);
    const { id } = await start({ bytes, count: 8, intervalMs: 1 });
    const queued = async () => (await bench.value('app.snapshot', {})).sockets[0]?.queued ?? 0;
    await vi.waitUntil(async () => (await queued()) > 0, patience);
    const before = (await jobOf(bench, id)) as JobView<'repeat'>;
    expect(before).toMatchObject({ state: 'running', nextMs: undefined });
    expect(before.sent).toBeLessThan(8);
    expect(await queued()).toBeLessThanOrEqual(bytes.length + 1);
    peer.sockets[0]?.resume();
    expect(await ended(bench, id)).toMatchObject({ state: 'done', sent: 8 });
  });

  test('is cancelled immediately while the peer does not read, and does not delay the end of the app', async () => {
    const peer = await listening();
    const { bench, start } = await connected(peer.port);
    await vi.waitUntil(() => peer.sockets.length === 1, patience);
    peer.sockets[0]?.pause();
    const stuck = async () => {
      const { id } = await start({ bytes: new Uint8Array(8_000_000) });
      const queued = async () => (await bench.value('app.snapshot', {})).sockets[0]?.queued ?? 0;
      await vi.waitUntil(async () => (await queued()) > 0, patience);
      return id;
    };
    const id = await stuck();
    await bench.value('jobs.cancel', { job: id });
    expect(await ended(bench, id)).toMatchObject({ state: 'cancelled', sent: 0 });
    await stuck();
    await bench.close();
  });

  test('counts the replies, and waits for those that it expects', async () => {
    const peer = await listening((socket, text) => socket.write(text));
    const { bench, start } = await connected(peer.port);
    const { id } = await start({ count: 3, reply: { filter: 'text contains "hello"', waitMs: 20_000 } });
    expect(await ended(bench, id)).toMatchObject({ state: 'done', sent: 3, replies: 3 });
    expect(peer.text()).toBe('hello\n'.repeat(3));
  });

  test('fails when no reply matches in time, also if an earlier message would', async () => {
    let answers = 0;
    const peer = await listening((socket) => {
      answers += 1;
      socket.write(answers === 1 ? 'yes\n' : 'no\n');
    });
    const { bench, start } = await connected(peer.port);
    const { id } = await start({ count: 9, reply: { filter: 'text == "yes"', waitMs: 500 } });
    expect(await ended(bench, id)).toMatchObject({
      ...{ state: 'failed', sent: 2, replies: 2 },
      error: { code: 'timed-out', system: 'no matching reply to message 2 within 500 ms' },
    });
  });

  test('goes to all peers of a server, and goes on with those that stay', async () => {
    const bench = await startWorkbench(await testHome());
    const { id: endpoint } = await bench.value('endpoints.create', { ...defaultServer, port: 0 });
    const { address } = await bench.value('endpoints.open', { id: endpoint });
    const port = Number(address.split(':').at(-1));
    const peers = [net.connect(port), net.connect(port)] as const;
    onTestFinished(() => {
      for (const peer of peers) peer.destroy();
    });
    let text = '';
    peers[1].on('data', (data) => {
      text += data;
    });
    const open = async () => (await bench.value('app.snapshot', {})).sockets.filter(({ role }) => role === 'accepted');
    await vi.waitUntil(async () => (await open()).length === 2, patience);
    const sockets = (await open()).map(({ id }) => id);
    const settings = { sockets, bytes: hello, frame: false, intervalMs: 5, jitterMs: 0 };
    const { id } = await bench.value('jobs.start', { kind: 'repeat', ...settings });
    await vi.waitUntil(() => text.length > 20, patience);
    peers[0].destroy();
    const before = text.length;
    await vi.waitUntil(() => text.length > before + 50, patience);
    expect(await jobOf(bench, id)).toMatchObject({ state: 'running', failed: 1, endpoint });
  });

  test.each<[string, Settings, string]>([
    ['a socket that does not exist', { sockets: [999] }, 'not-found'],
    ['an invalid filter', { reply: { filter: 'text ==', waitMs: 10 } }, 'bad-input'],
    ['a file that was not selected', { bytes: undefined, file: readHandle('none') }, 'not-found'],
    ['neither bytes nor a file', { bytes: undefined }, 'bad-input'],
  ])('is refused for %s', async (_, settings, code) => {
    const { port } = await listening();
    const { bench, socket } = await connected(port);
    const input: JobInput = {
      kind: 'repeat',
      sockets: [socket],
      bytes: hello,
      frame: true,
      intervalMs: 0,
      jitterMs: 0,
    };
    expect(await bench.call('jobs.start', { ...input, ...settings })).toMatchObject({ ok: false, error: { code } });
    expect((await bench.value('app.snapshot', {})).jobs).toEqual([]);
  });

  test('is refused once as many run as the limit allows', async () => {
    const { port } = await listening();
    const { bench, socket, start } = await connected(port);
    for (let index = 0; index < 64; index += 1) await start({ intervalMs: hour });
    const input: JobInput = {
      kind: 'repeat',
      sockets: [socket],
      bytes: hello,
      frame: true,
      intervalMs: hour,
      jitterMs: 0,
    };
    expect(await bench.call('jobs.start', input)).toMatchObject({ error: { code: 'too-large' } });
  });

  test('is refused above the limit, also while others are being started', async () => {
    const { port } = await listening();
    const { bench, start } = await connected(port);
    const reply = { filter: 'text == "yes"', waitMs: hour };
    const starts = Array.from({ length: 70 }, () => start({ intervalMs: hour, reply }));
    const results = await Promise.allSettled(starts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(64);
    expect((await bench.value('app.snapshot', {})).jobs.length).toBeLessThanOrEqual(64);
  });

  test('is refused if its endpoint is removed while it is being started', async () => {
    const { port } = await listening();
    const { bench, id, start } = await connected(port);
    const starting = start({ intervalMs: hour, reply: { filter: 'text == "yes"', waitMs: hour } });
    const removed = bench.value('endpoints.remove', { id });
    await expect(starting).rejects.toThrow();
    await removed;
    expect((await bench.value('app.snapshot', {})).jobs).toEqual([]);
  });
});
