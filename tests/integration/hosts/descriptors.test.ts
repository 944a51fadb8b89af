import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultClient, defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { Cli, jsonRecords, runCli } from '#support/cli.ts';
import { connectTransport } from '#support/page-transport.ts';
import { answerOf } from '#support/session.ts';

const descriptors = 100;
/** More than the program may have open. */
const clients = 120;

/** Connects clients until the server has no descriptor for another; gives those that it serves, which have sent a line. */
async function fill(port: number): Promise<net.Socket[]> {
  const open: net.Socket[] = [];
  for (let next = 0; next < clients; next += 1) {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    socket.once('close', () => open.splice(open.indexOf(socket), 1));
    socket.resume();
    open.push(socket);
    socket.write(`message ${next}\n`);
  }
  return open;
}

interface Snapshot {
  readonly sessions: readonly { readonly id: string; readonly state: string; readonly error?: unknown }[];
}

function contentOf<T>(reply: unknown): T {
  return answerOf(reply as Parameters<typeof answerOf>[0]) as T;
}

// prlimit is Linux's.
describe.runIf(process.platform === 'linux')('clients that use up all descriptors', () => {
  let folder: string;
  let open: net.Socket[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-descriptors-'));
  });
  afterEach(() => {
    for (const socket of [...open]) socket.destroy();
    open = [];
    rmSync(folder, { recursive: true });
  });

  it('of listen: the rest is refused with the limit, the reply file is read, and all is recorded', async () => {
    const reply = join(folder, 'reply.txt');
    writeFileSync(reply, 'here');
    const path = join(folder, 'a.wirebench');
    const args = ['listen', '0', '--framing', 'line', '--reply-file', reply, '--record', path];
    await using cli = new Cli(args, { descriptors });
    open = await fill(await cli.port());
    expect(await cli.lineWith('accept() failed: EMFILE')).toContain(`may have ${descriptors} files and sockets open`);
    await expect.poll(() => open.length < clients && open.every(({ bytesRead }) => bytesRead > 0)).toBe(true);
    const served = open.length;
    cli.kill();
    const { code, stderr } = await cli.end();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

    const { stdout } = await runCli(['log', 'export', path, '--format', 'jsonl']);
    const records = jsonRecords(stdout);
    const lines = records.filter(({ direction }) => direction === 'in');
    const refused = records.filter(({ kind }) => kind === 'failed');
    expect(lines.length + refused.length).toBe(clients);
    expect(lines.length).toBe(served);
    expect(refused[0]).toMatchObject({ call: 'accept', errno: 'EMFILE' });
  });

  it('of the browser host: a page connects, the session is read, and connect() alone fails', async () => {
    await using cli = new Cli(['app', '--no-open'], { home: folder, descriptors });
    const { port, hash } = new URL((await cli.line()).replace('Wirebench is running at ', ''));
    const host = { port: Number(port), token: hash.replace('#token=', '') };
    const transport = connectTransport(host);
    const framing = { kind: 'delimiter', delimiter: '0a' };
    const config = { ...defaultServer, port: 0, framing, behaviour: { kind: 'silent' } };
    const { id } = contentOf<{ id: string }>(await transport.call('endpoints.create', config));
    const { address } = contentOf<{ address: string }>(await transport.call('endpoints.open', { id }));
    open = await fill(Number(address.split(':').at(-1)));
    await expect.poll(() => open.length).toBeLessThan(clients);

    const second = connectTransport(host);
    const snapshot = contentOf<Snapshot>(await second.call('app.snapshot', {}));
    const [session] = snapshot.sessions;
    expect(session).toMatchObject({ state: 'recording' });
    const defined = await second.call('sessions.query', { session: session?.id, filter: 'kind == failed' });
    const asked = { session: session?.id, first: 0, count: 500, query: contentOf<{ id: number }>(defined).id };
    const refused = async () => contentOf<{ rows: unknown[] }>(await second.call('sessions.window', asked)).rows;
    await expect.poll(async () => (await refused())[0]).toMatchObject({ event: { call: 'accept', errno: 'EMFILE' } });

    const target = { ...defaultClient, host: '127.0.0.1', port: Number(address.split(':').at(-1)) };
    const client = contentOf<{ id: string }>(await second.call('endpoints.create', target));
    expect(await second.call('endpoints.open', { id: client.id })).toMatchObject({
      ok: false,
      error: { system: expect.stringContaining('EMFILE'), hint: expect.stringContaining('ulimit -n') },
    });
    contentOf(await second.call('endpoints.close', { id }));
    transport.close();
    second.close();
    cli.kill();
    expect(await cli.end()).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(folder, 'sessions'))).toHaveLength(1);
  });

  it('at the start of a new session of the browser host: it fails with the limit, and a retry records', async () => {
    await using cli = new Cli(['app', '--no-open'], { home: folder });
    const { port, hash } = new URL((await cli.line()).replace('Wirebench is running at ', ''));
    const transport = connectTransport({ port: Number(port), token: hash.replace('#token=', '') });
    await transport.call('app.snapshot', {});
    const allow = (soft: number | string) => execFileSync('prlimit', ['--pid', String(cli.pid), `--nofile=${soft}:`]);
    let failed = 0;
    // How many a thread takes differs: under one of these limits the file can be made, and the thread cannot.
    for (let more = 1; more <= 6; more += 1) {
      allow(readdirSync(`/proc/${cli.pid}/fd`).length + more);
      const made = (await transport.call('sessions.begin', {})) as { ok: true; value: { id: string } } | { ok: false };
      // It has an answer once the thread runs, or could not be started.
      if (made.ok) await transport.call('sessions.rename', { session: made.value.id, name: 'new' });
      allow(1_000);
      const { sessions } = contentOf<Snapshot>(await transport.call('app.snapshot', {}));
      const session = sessions.find(({ state }) => state === 'failed');
      if (!session) continue;
      failed += 1;
      expect(session.error).toMatchObject({ code: 'file', hint: expect.stringContaining('ulimit -n') });
      const retried = await transport.call('sessions.retry', { session: session.id });
      expect(retried).toMatchObject({ ok: true, value: { state: 'recording' } });
    }
    expect(failed).toBeGreaterThan(0);
    transport.close();
    cli.kill();
    expect(await cli.end()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Recording continues in “.*”\.\n$/),
    });
  });
});
