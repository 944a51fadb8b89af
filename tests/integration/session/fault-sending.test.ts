import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { TestEngine } from '#support/engine.ts';

describe('an engine whose log is full and not writable', () => {
  it('refuses to send, says what to do, and sends again once the log continues', async () => {
    await using engine = new TestEngine();
    const { port } = await engine.serve({ behaviour: { kind: 'silent' } });
    const client = await engine.connect(port);
    engine.log.stalled = true;
    const [refused] = await engine.engine.send([client.socket], { bytes: Buffer.from('unrecorded'), frame: false });
    expect(refused).toMatchObject({
      bytes: 0,
      error: {
        code: 'wrong-state',
        message: expect.stringContaining('Could not send 10 bytes'),
        system: expect.stringContaining('not writable'),
        hint: expect.stringContaining('record to a different file'),
      },
    });
    engine.log.stalled = false;
    const [sent] = await engine.engine.send([client.socket], { bytes: Buffer.from('recorded'), frame: false });
    expect(sent).toEqual({ socket: client.socket, bytes: 8 });
    expect(String(await engine.stream(client.socket, 'out', 8))).toBe('recorded');
  });

  it('does not answer either, which one record says for each connection, and answers again once the log continues', async () => {
    await using engine = new TestEngine();
    const { port } = await engine.serve({
      framing: { kind: 'delimiter', delimiter: '0a' },
      behaviour: { kind: 'echo' },
    });
    const peer = net.connect(port, '127.0.0.1');
    const socket = await engine.accepted();
    engine.log.stalled = true;
    peer.write('one\ntwo\n');
    await engine.stream(socket, 'in', 8);
    peer.write('three\n');
    await engine.stream(socket, 'in', 14);
    const limits = engine.log.of(socket).filter((record) => record.kind === 'limited');
    expect(limits.map(({ event }) => event)).toEqual([
      { kind: 'limited', limit: 'sessionMemory', text: expect.stringContaining('no longer answered') },
    ]);
    engine.log.stalled = false;
    peer.write('four\n');
    expect(String(await engine.stream(socket, 'out', 5))).toBe('four\n');
    peer.destroy();
  });
});
