import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localDriver } from '#engine/drivers/local-driver.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import type { ServerChanges } from '#support/config.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { connect, RecordedListener, RecordedStream, tryConnect } from '#support/streams.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-local-'));
  path = join(folder, 'a.sock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (host: string) => ({ host, port: 0, family: 'local' }) as const;
const open = (config: ServerChanges = {}) => RecordedListener.open(localDriver, { path, ...config });
const meet = (to = path) => connect(localDriver, {}, at(to));

/** Connects to a program that does not say when it listens. */
async function untilListening(to: string): Promise<RecordedStream> {
  for (;;) {
    const stream = await tryConnect(localDriver, {}, at(to));
    if (stream instanceof RecordedStream) return stream;
    if (stream.errno !== 'ENOENT' && stream.errno !== 'ECONNREFUSED') throw new Error(JSON.stringify(stream));
    await new Promise(setImmediate);
  }
}

async function pair(server: RecordedListener): Promise<[RecordedStream, RecordedStream]> {
  const client = await meet();
  return [client.attach(), (await server.accepted()).attach()];
}

describe('A local socket', () => {
  test('has its path for an address, and counts its clients', async () => {
    await using server = await open();
    expect(server.listening.event).toEqual({ kind: 'listening', local: at(path), backlog: defaultServer.backlog });
    const client = await meet();
    await meet();
    expect(client.socket).toMatchObject({ local: at(''), peer: at(path) });
    expect((await server.accepted(0)).socket).toMatchObject({ local: at(path), peer: at('client 1') });
    expect((await server.accepted(1)).socket.peer).toEqual(at('client 2'));
    expect(server.noted).toEqual([]);
  });

  test('carries a big transfer byte for byte, both ways', async () => {
    await using server = await open();
    const [client, accepted] = await pair(server);
    const sent = randomBytes(3_000_000);
    void client.send(sent);
    void accepted.send(sent);
    await Promise.all([client.text(sent.length), accepted.text(sent.length)]);
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect([digest(client.received), digest(accepted.received)]).toEqual([digest(sent), digest(sent)]);
  });

  test.each(['client', 'server'] as const)('half-closed by the %s leaves the way back open', async (who) => {
    await using server = await open();
    const both = await pair(server);
    const [first, second] = who === 'client' ? both : both.toReversed();
    if (!first || !second) throw new Error('two are needed');
    first.socket.endWriting();
    await second.until('ended');
    await second.send('late');
    expect(await first.text(4)).toBe('late');
    second.socket.endWriting();
    await Promise.all([first.until('closed'), second.until('closed')]);
    expect([first.reported, second.reported]).toEqual([
      ['ended', 'closed'],
      ['ended', 'closed'],
    ]);
  });

  test('has no reset: it is closed immediately', async () => {
    await using server = await open();
    const [client, accepted] = await pair(server);
    client.socket.reset();
    await client.until('closed');
    await accepted.until('ended');
    accepted.socket.close();
    await accepted.until('closed');
  });

  test('refuses clients above the maximum', async () => {
    await using server = await open({ limits: { ...defaultServer.limits, maxConnections: 1 } });
    await pair(server);
    await meet();
    await server.until(({ dropped }) => dropped.length === 1);
    expect(server.dropped).toEqual(['a client']);
  });

  test('is gone with its server', async () => {
    const server = await open();
    expect(statSync(path).isSocket()).toBe(true);
    await server[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
    expect(await tryConnect(localDriver, {}, at(path))).toEqual({
      call: 'connect',
      errno: 'ENOENT',
      text: 'the path does not exist',
    });
  });

  test('whose path is too long is refused on both sides', async () => {
    const long = join(folder, 'a'.repeat(120));
    const errno = 'ENAMETOOLONG';
    expect(await RecordedListener.try(localDriver, { path: long })).toMatchObject({ call: 'bind', errno });
    expect(await tryConnect(localDriver, {}, at(long))).toMatchObject({ call: 'connect', errno });
  });

  test('in a folder that is not there says so', async () => {
    const launch = await RecordedListener.try(localDriver, { path: join(folder, 'none', 'a.sock') });
    expect(launch).toMatchObject({ errno: 'ENOENT', text: `there is no folder ${join(folder, 'none')}` });
  });
});

describe('A path that is taken', () => {
  test('by a server that was killed is deleted and used, which is reported', async () => {
    await using dead = await startPeer('local_server.py', path, 'die');
    await dead.line();
    await dead.exit();
    expect(statSync(path).isSocket()).toBe(true);
    expect(await tryConnect(localDriver, {}, at(path))).toMatchObject({
      errno: 'ECONNREFUSED',
      text: expect.stringContaining('no server listens on it'),
    });
    await using server = await open();
    expect(server.noted).toEqual([
      { kind: 'problem', text: `the stale socket ${path} was removed: no server listened on it` },
    ]);
    await pair(server);
  });

  test('by a server that answers is left to it', async () => {
    await using server = await open();
    const second = await RecordedListener.try(localDriver, { path });
    expect(second).toEqual({ call: 'bind', errno: 'EADDRINUSE', text: `a server listens on ${path}` });
    await meet();
    // The question was a separate connection.
    expect((await server.accepted(1)).socket.peer.host).toBe('client 2');
  });

  test.each([
    ['a file', () => writeFileSync(path, 'precious')],
    ['a folder', () => mkdirSync(path)],
    ['a symbolic link', () => symlinkSync('elsewhere', path)],
  ])('by %s is left alone', async (kind, make) => {
    make();
    const launch = await RecordedListener.try(localDriver, { path });
    const text = `${path} is ${kind}, not a socket, and was not removed`;
    expect(launch).toEqual({ call: 'bind', errno: 'EADDRINUSE', text });
  });
});

describe.runIf(process.platform === 'linux')('An abstract name', () => {
  const name = `@wirebench-${process.pid}-${randomBytes(4).toString('hex')}`;

  test('works without a file, is met by other programs, and can be taken', async () => {
    await using server = await open({ path: name });
    await using peer = await startPeer('local_client.py', name, 'abstract');
    const accepted = (await server.accepted()).attach();
    expect(accepted.socket).toMatchObject({ local: at(name), peer: at('client 1') });
    await accepted.until('ended');
    expect(String(accepted.received)).toBe('abstract');
    await accepted.send('seen');
    accepted.socket.close();
    expect(await peer.line()).toBe('seen');
    const client = await meet(name);
    expect(client.socket.peer).toEqual(at(name));
    expect(await RecordedListener.try(localDriver, { path: name })).toMatchObject({
      errno: 'EADDRINUSE',
      text: `a server listens on ${name}`,
    });
  });
});

describe('Other programs', () => {
  test('connect: python ends its side first and hears the rest', async () => {
    await using server = await open();
    await using peer = await startPeer('local_client.py', path, 'from python');
    const accepted = (await server.accepted()).attach();
    await accepted.until('ended');
    expect(String(accepted.received)).toBe('from python');
    await accepted.send('after its end');
    accepted.socket.endWriting();
    expect(await peer.line()).toBe('after its end');
    await accepted.until('closed');
  });

  test.each([
    ['ncat', (to: string) => ['-U', to]],
    ['socat', (to: string) => ['-t5', '-', `UNIX-CONNECT:${to}`]],
  ])('connect: %s sends a line and prints the answer', async (command, args) => {
    await using server = await open();
    await using peer = new Peer(command, args(path));
    const accepted = (await server.accepted()).attach();
    peer.write('hello\n');
    expect(await accepted.text(6)).toBe('hello\n');
    await accepted.send('answer\n');
    expect(await peer.line()).toBe('answer');
    peer.end();
    await accepted.until('ended');
    accepted.socket.close();
    await accepted.until('closed');
  });

  test('listen: python echoes 2 MB and ends after us', async () => {
    await using peer = await startPeer('local_server.py', path, 'echo');
    await peer.line();
    const client = (await meet()).attach();
    const sent = randomBytes(2_000_000);
    await client.send(sent);
    client.socket.endWriting();
    await client.until('closed');
    expect(client.received.equals(sent)).toBe(true);
    expect(client.reported).toEqual(['ended', 'closed']);
    expect(await peer.line()).toBe('2000000');
  });

  test('listen: ncat and socat answer', async () => {
    const commands = [
      ['ncat', ['-lU', path]],
      ['socat', ['-', `UNIX-LISTEN:${path}`]],
    ] as const;
    for (const [command, args] of commands) {
      await using peer = new Peer(command, args);
      const client = await untilListening(path);
      client.attach();
      await client.send('hello\n');
      expect(await peer.line()).toBe('hello');
      peer.write('answer\n');
      expect(await client.text(7)).toBe('answer\n');
      client.socket.close();
      await client.until('closed');
      await peer.exit();
      rmSync(path, { force: true });
    }
  });
});
