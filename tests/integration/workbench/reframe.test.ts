import { readdir } from 'node:fs/promises';
import net from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { startWorkbench, type TestWorkbench, testHome } from '#support/workbench.ts';

const patience = { timeout: 30_000, interval: 5 };

function spec(spelling: string): FramingSpec {
  const framing = parseFraming(spelling);
  if (!framing) throw new Error(`${spelling} is no framing`);
  return framing;
}

/** Has a server with this framing receive `chunks`, echo them, and be closed by its peer; gives its connection's number. */
async function exchange(bench: TestWorkbench, framing: FramingSpec, chunks: readonly string[]): Promise<number> {
  const { id } = await bench.value('endpoints.create', {
    ...defaultServer,
    port: 0,
    framing,
    behaviour: { kind: 'silent' },
  });
  const { address } = await bench.value('endpoints.open', { id });
  const peer = net.connect(Number(address.slice(address.lastIndexOf(':') + 1)), '127.0.0.1');
  let received = 0;
  for (const chunk of chunks) {
    peer.write(chunk);
    received += Buffer.byteLength(chunk);
    await vi.waitUntil(async () => {
      const { sockets } = await bench.value('app.snapshot', {});
      return sockets.some((socket) => socket.endpoint === id && socket.bytesIn === received);
    }, patience);
  }
  const { sockets } = await bench.value('app.snapshot', {});
  const connection = sockets.find((socket) => socket.endpoint === id && socket.role === 'accepted')?.id ?? 0;
  await bench.value('sockets.send', { sockets: [connection], bytes: Buffer.from('bye\nbye\n'), frame: false });
  peer.end();
  peer.resume();
  await vi.waitUntil(async () => {
    const known = (await bench.value('app.snapshot', {})).sockets.find((socket) => socket.id === connection);
    return known === undefined || known.state === 'closed';
  }, patience);
  await bench.value('endpoints.close', { id });
  return connection;
}

/** The messages received on a socket, and what else happened to it. */
async function history(bench: TestWorkbench, session: string, socket: number) {
  const { rows, sockets } = await bench.value('sessions.window', { session, first: 0, count: 1_000 });
  const own = rows.filter((row) => row.socket === socket);
  const received = await Promise.all(
    own
      .filter(({ kind }) => kind === 'in')
      .map(async ({ seq, length, head, tail, flags, offset }) => {
        const { bytes } = await bench.value('sessions.payload', { session, seq, from: 0, length });
        return { text: Buffer.from(bytes).toString(), head, tail, flags, offset };
      }),
  );
  // Re-framing says what is wrong with what was sent, too; recording does not look.
  const events = own
    .filter(
      ({ kind, event }) => kind !== 'in' && kind !== 'out' && !(event?.kind === 'malformed' && event.way === 'sent'),
    )
    .map(({ kind }) => kind);
  return { received, events, framing: sockets.find(({ id }) => id === socket)?.framing };
}

const chunks = ['{"a":1', '}\n{"b"', ':"x\n"} oops\n', '[1,2]', '\ntail'];

describe('sessions.reframe', () => {
  it.each(['line', 'json', 'delim:7d'])('gives what recording with %s would have given', async (spelling) => {
    const bench = await startWorkbench(await testHome());
    const raw = await exchange(bench, spec('raw'), chunks);
    const framed = await exchange(bench, spec(spelling), chunks);
    const live = await bench.recording();
    const view = await bench.value('sessions.reframe', { session: live.id, framing: spec(spelling), job: 't' });
    expect(view).toMatchObject({ name: `${live.name}, framed as ${spelling}`, state: 'read-only', notice: '' });
    expect(bench.events).toContainEqual({ kind: 'sessions', changed: [view], removed: [] });
    const expected = await history(bench, live.id, framed);
    expect(expected.received.length).toBeGreaterThan(2);
    expect(expected.framing).toBe(spelling);
    const { events, ...cut } = await history(bench, view.id, raw);
    expect(cut).toEqual({ received: expected.received, framing: spelling });
    expect(events.toSorted()).toEqual(expected.events.toSorted());
    // The one that had the framing is as it was.
    expect(await history(bench, view.id, framed)).toEqual(expected);
    // What was recorded stays as it was.
    expect((await history(bench, live.id, raw)).received.map(({ text }) => text)).toEqual(chunks);
  });

  it('re-frames the sockets of an endpoint alone, those that are no longer listed too', async () => {
    const bench = await startWorkbench(await testHome());
    const first = await exchange(bench, spec('raw'), chunks);
    const second = await exchange(bench, spec('raw'), chunks);
    const { id: session } = await bench.recording();
    const { endpoints } = await bench.value('app.snapshot', {});
    const endpoint = endpoints.at(-1)?.id ?? '';
    await bench.value('endpoints.remove', { id: endpoint });
    const made = await bench.value('sessions.reframe', { session, endpoint, framing: spec('line'), job: 't' });
    expect((await history(bench, made.id, first)).received.map(({ text }) => text)).toEqual(chunks);
    expect((await history(bench, made.id, second)).received.length).toBe(5);
    const unknown = await bench.call('sessions.reframe', {
      session,
      endpoint: 'none',
      framing: spec('line'),
      job: 'u',
    });
    expect(unknown).toMatchObject({ ok: false, error: { code: 'wrong-state' } });
  });

  it('cuts only the chosen sockets, of the session up to where it is, and again of what it made', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    const first = await exchange(bench, spec('raw'), chunks);
    const second = await exchange(bench, spec('raw'), chunks);
    const { id: session } = await bench.recording();
    const lines = await bench.value('sessions.reframe', {
      session,
      sockets: [second],
      framing: spec('line'),
      job: 't',
    });
    expect((await history(bench, lines.id, first)).received.map(({ text }) => text)).toEqual(chunks);
    expect((await history(bench, lines.id, second)).received.length).toBe(5);
    const back = await bench.value('sessions.reframe', { session: lines.id, framing: spec('raw'), job: 't' });
    expect((await history(bench, back.id, second)).received.map(({ text }) => text)).toEqual(chunks);
    expect(back.name).toBe(`${lines.name}, framed as raw`);
    expect(new Set([lines.path, back.path]).size).toBe(2);
    expect((await readdir(`${home}/sessions`)).every((name) => name.endsWith('.wirebench'))).toBe(true);
    expect((await bench.value('sessions.stored', {})).sessions.map(({ name }) => name)).toContain(back.name);
  });

  it('says in words what it cannot cut, and leaves no file', async () => {
    const home = await testHome();
    const bench = await startWorkbench(home);
    await exchange(bench, spec('raw'), ['x']);
    const { id: session } = await bench.recording();
    const framing = spec('line');
    expect(await bench.call('sessions.reframe', { session, sockets: [77], framing, job: 't' })).toMatchObject({
      ok: false,
      error: { code: 'not-found', message: 'Could not re-frame the session as line', system: 'there is no socket 77' },
    });
    expect(await bench.call('sessions.reframe', { session: 'none', framing, job: 't' })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
    expect((await readdir(`${home}/sessions`)).length).toBe(1);
  });
});
