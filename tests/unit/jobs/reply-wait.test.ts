import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReplyWait, type ReplyWaitOptions } from '#jobs/reply-wait.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A wait, and whether it is over. */
function start(options: Partial<ReplyWaitOptions> = {}): { wait: ReplyWait; over: () => Promise<boolean> } {
  const wait = new ReplyWait({ waitMs: 1_000, isPaused: () => false, ...options });
  let over = false;
  void wait.done.then(() => {
    over = true;
  });
  const look = async () => {
    await Promise.resolve();
    return over;
  };
  return { wait, over: look };
}

describe('waiting for replies', () => {
  test('is over when the time passed without one, counted from the last one on', async () => {
    const { wait, over } = start();
    wait.begin();
    vi.advanceTimersByTime(900);
    wait.received(1, 1);
    vi.advanceTimersByTime(900);
    expect(await over()).toBe(false);
    vi.advanceTimersByTime(100);
    expect(await over()).toBe(true);
    expect(wait).toMatchObject({ count: 1, enough: true, peerEnded: false });
  });

  test('knows that no message came at all, and not where one did', async () => {
    for (const count of [0, 1]) {
      const { wait, over } = start();
      if (count > 0) wait.received(1, count);
      wait.begin();
      expect(wait.silent).toBe(false);
      vi.advanceTimersByTime(1_000);
      expect(await over()).toBe(true);
      expect(wait.silent).toBe(count === 0);
    }
  });

  test('does not begin before everything is sent', async () => {
    const { wait, over } = start();
    vi.advanceTimersByTime(5_000);
    expect(await over()).toBe(false);
    wait.begin();
    vi.advanceTimersByTime(1_000);
    expect(await over()).toBe(true);
  });

  test('is over when the expected messages came, also those that came while we still sent', async () => {
    const { wait, over } = start({ expect: 3 });
    wait.received(1, 2);
    wait.received(1, 1);
    expect(await over()).toBe(false);
    wait.begin();
    expect(await over()).toBe(true);
    expect(wait.enough).toBe(true);
  });

  test('is over when the peer ends its side, and what comes later does not count', async () => {
    const { wait, over } = start({ expect: 2 });
    wait.begin();
    wait.received(1, 1);
    wait.event(1, { kind: 'ended' });
    wait.received(1, 1);
    expect(await over()).toBe(true);
    expect(wait).toMatchObject({ count: 1, enough: false, peerEnded: true });
  });

  test('tells how an open connection failed, and not which addresses failed before', async () => {
    const { wait, over } = start();
    const address = { host: '127.0.0.1', port: 1, family: 4 } as const;
    wait.event(1, { kind: 'failed', call: 'connect', errno: 'ECONNREFUSED', text: '', address });
    wait.event(1, { kind: 'opened', local: address, peer: address, elapsedMs: 1 });
    wait.begin();
    expect(wait.failed).toBeUndefined();
    wait.event(1, { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: '' });
    wait.event(1, { kind: 'closed', cause: 'reset-by-peer', bytesIn: 0, bytesOut: 0 });
    expect(await over()).toBe(true);
    expect(wait.failed?.errno).toBe('ECONNRESET');
  });

  test('continues while reading is paused because the output is not read', async () => {
    let paused = true;
    const { wait, over } = start({ isPaused: () => paused });
    wait.begin();
    vi.advanceTimersByTime(3_500);
    expect(await over()).toBe(false);
    paused = false;
    vi.advanceTimersByTime(1_000);
    expect(await over()).toBe(true);
  });

  test('has no end of its own without a time, but the peer’s or somebody’s', async () => {
    const { wait, over } = start({ waitMs: undefined });
    wait.begin();
    vi.advanceTimersByTime(86_400_000);
    expect(await over()).toBe(false);
    wait.event(1, { kind: 'ended' });
    expect(await over()).toBe(true);
    expect({ over: wait.over.aborted, gone: wait.gone.aborted }).toEqual({ over: true, gone: false });
    wait.event(1, { kind: 'closed', cause: 'peer', bytesIn: 0, bytesOut: 0 });
    expect(wait.gone.aborted).toBe(true);
  });

  test('does not end with a connection that another one follows', async () => {
    const ready: number[] = [];
    const { wait, over } = start({ waitMs: undefined, reconnects: true, ready: (socket) => ready.push(socket) });
    wait.begin();
    wait.event(1, opened);
    wait.event(1, { kind: 'ended' });
    wait.event(1, { kind: 'closed', cause: 'peer', bytesIn: 0, bytesOut: 0 });
    wait.event(2, opened);
    expect(await over()).toBe(false);
    expect({ ready, gone: wait.gone.aborted, opened: wait.opened }).toEqual({
      ready: [1, 2],
      gone: false,
      opened: true,
    });
  });

  test('knows a connection as ready when all handshakes are done', () => {
    const ready: number[] = [];
    const { wait } = start({ ready: (socket) => ready.push(socket) });
    const agreed = { protocol: 'TLSv1.3', cipher: '', alpn: '', serverName: '', trust: '', chain: [], elapsedMs: 1 };
    wait.event(1, { ...opened, handshake: 'TLS' });
    wait.event(1, { kind: 'secured', ...agreed, handshake: 'WebSocket' });
    expect(ready).toEqual([]);
    wait.event(1, { kind: 'upgraded', url: '/', protocol: '', elapsedMs: 1 });
    expect(ready).toEqual([1]);
  });

  test('counts what other peers of a UDP socket send, and goes on when they end', async () => {
    const { wait, over } = start({ expect: 2 });
    wait.event(1, opened);
    wait.begin();
    wait.event(2, { kind: 'peer-added', local: opened.local, peer: opened.peer, listener: 1 });
    wait.received(2, 1);
    wait.event(2, { kind: 'closed', cause: 'timeout', bytesIn: 0, bytesOut: 0 });
    expect(await over()).toBe(false);
    wait.received(1, 1);
    expect(await over()).toBe(true);
    expect(wait).toMatchObject({ count: 2, limited: undefined });
  });

  test('tells which limit ended the connection', () => {
    const { wait } = start();
    wait.event(1, opened);
    wait.event(1, { kind: 'limited', limit: 'idleMs', text: 'nothing moved for 5 ms' });
    wait.event(1, { kind: 'closed', cause: 'timeout', bytesIn: 0, bytesOut: 0 });
    expect(wait.limited).toBe('nothing moved for 5 ms');
  });
});

const end = { host: '127.0.0.1', port: 1, family: 4 } as const;
const opened = { kind: 'opened', local: end, peer: end, elapsedMs: 1 } as const;
