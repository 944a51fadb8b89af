import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { serverLimits } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';

describe('limits', () => {
  test('a line without an end is recorded in pieces of the cap, and says so once', async () => {
    await using bench = new TestEngine();
    const limits = { ...serverLimits, maxMessage: 65_536 };
    const { port } = await bench.serve({ limits, framing: { kind: 'delimiter', delimiter: '0a' } });
    const { socket } = await bench.connect(port);
    const peer = await bench.accepted();
    const sent = Buffer.alloc(300_000, 'x');
    await bench.send([socket], sent);
    await bench.event(peer, 'limited');
    bench.engine.closeSocket(socket);
    await bench.event(peer, 'closed');
    expect(bench.log.stream(peer, 'in').equals(sent)).toBe(true);
    const pieces = bench.log.of(peer).filter(({ kind }) => kind === 'in');
    expect(pieces.map(({ bytes }) => bytes.length)).toEqual([65_536, 65_536, 65_536, 65_536, 37_856]);
    expect(pieces.map(({ flags }) => flags)).toEqual([1, 1, 1, 1, messageFlags.incomplete]);
    expect(bench.log.of(peer).filter(({ kind }) => kind === 'limited')).toHaveLength(1);
  });

  test('a connection beyond the most a server holds is turned away and recorded', async () => {
    await using bench = new TestEngine();
    const { port, listener } = await bench.serve({ limits: { ...serverLimits, maxConnections: 1 } });
    await bench.connect(port);
    await bench.accepted();
    const second = await bench.connect(port);
    expect((await bench.event(listener, 'limited')).text).toContain('maxConnections');
    await bench.event(second.socket, 'closed');
  });
});

describe('behaviours', () => {
  test('answer each message of a run once, in order', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'reply', text: 'ok' },
    });
    const { socket } = await bench.connect(port, { framing: { kind: 'delimiter', delimiter: '0a' } });
    await bench.send([socket], Buffer.from('a\nb\nc\n'));
    expect(String(await bench.stream(socket, 'in', 9))).toBe('ok\nok\nok\n');
    expect(bench.log.of(socket).filter(({ kind }) => kind === 'in')).toHaveLength(3);
  });

  test('an incomplete message at the end of a stream is not answered by any behaviour', async () => {
    await using bench = new TestEngine();
    const framing = { kind: 'delimiter', delimiter: '0a' } as const;
    const path = fileURLToPath(import.meta.url);
    const answers: string[] = [];
    const file = await readFile(path);
    for (const behaviour of [{ kind: 'reply', text: 'ok' }, { kind: 'reply-file', path }, { kind: 'echo' }] as const) {
      const { port } = await bench.serve({ framing, behaviour });
      const asking = net.connect(port, '127.0.0.1');
      asking.end('1\n2\nunfinished');
      answers.push(String(Buffer.concat(await asking.toArray())));
    }
    const once = file.at(-1) === 0x0a ? String(file) : `${file}\n`;
    expect(answers).toEqual(['ok\nok\n', once + once, '1\n2\n']);
  });

  test('many replies of a large text are made as the peer takes them, not all together', async () => {
    await using bench = new TestEngine();
    const text = 'x'.repeat(1_000_000);
    const { port } = await bench.serve({
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'reply', text },
    });
    const { socket } = await bench.connect(port);
    const peer = await bench.accepted();
    // Sixty thousand replies of a megabyte would be sixty gigabytes.
    await bench.send([socket], Buffer.alloc(60_000, '\n'));
    await bench.stream(socket, 'in', 3_000_000);
    expect(process.memoryUsage().rss).toBeLessThan(2_000_000_000);
    bench.engine.reset(socket);
    expect((await bench.event(peer, 'closed')).cause).toBe('reset-by-peer');
  });

  test('stop once our side has been shut down, and receiving continues', async () => {
    await using bench = new TestEngine();
    const { port } = await bench.serve({ behaviour: { kind: 'echo' }, halfOpen: true });
    const { socket } = await bench.connect(port, { halfOpen: true });
    const peer = await bench.accepted();
    bench.engine.shutdown(peer);
    await bench.event(socket, 'ended');
    await bench.send([socket], Buffer.from('one '));
    await bench.stream(peer, 'in', 4);
    await bench.send([socket], Buffer.from('two'));
    expect(String(await bench.stream(peer, 'in', 7))).toBe('one two');
    bench.engine.closeSocket(socket);
    await bench.event(peer, 'closed');
    expect(bench.log.of(peer).flatMap(({ event }) => (event?.kind === 'failed' ? [event.errno] : []))).toEqual([]);
  });

  test('with a file make a peer wait that asks without reading the answers', async () => {
    await using bench = new TestEngine();
    const path = fileURLToPath(import.meta.url);
    const { port } = await bench.serve({ behaviour: { kind: 'reply-file', path } });
    const asking = net.connect(port, '127.0.0.1').setNoDelay(true).pause();
    const peer = await bench.accepted();
    const paused = bench.event(peer, 'paused').then(() => true);
    let asked = 0;
    do {
      asking.write('?');
      asked += 1;
    } while (!(await Promise.race([paused, bench.stream(peer, 'in', asked).then(() => false)])));
    expect((await bench.event(peer, 'paused')).reason).toContain('the peer does not receive');
    asking.resetAndDestroy();
    await bench.event(peer, 'closed');
  });

  test('a change takes effect with the next message', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({ behaviour: { kind: 'silent' } });
    const { socket } = await bench.connect(port);
    const config = { ...defaultServer, port: 0, behaviour: { kind: 'echo' as const } };
    expect(bench.engine.update(view.id, config).ok).toBe(true);
    await bench.send([socket], Buffer.from('now'));
    expect(String(await bench.stream(socket, 'in', 3))).toBe('now');
    expect(bench.engine.update(view.id, { ...config, port: 1 })).toMatchObject({ error: { code: 'wrong-state' } });
  });

  test('a reply file that cannot be read is a record, and the connection lives on', async () => {
    await using bench = new TestEngine();
    const { port, view } = await bench.serve({ behaviour: { kind: 'reply-file', path: '/no/such/file.json' } });
    const { socket } = await bench.connect(port);
    const peer = await bench.accepted();
    await bench.send([socket], Buffer.from('?'));
    expect((await bench.event(peer, 'problem')).text).toContain('/no/such/file.json');
    bench.engine.update(view.id, { ...view.config, behaviour: { kind: 'echo' } } as typeof defaultServer);
    await bench.send([socket], Buffer.from('still there'));
    expect(String(await bench.stream(socket, 'in', 11))).toBe('still there');
  });
});
