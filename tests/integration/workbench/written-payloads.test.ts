import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import { defaultClient } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { startPeer } from '#support/peer.ts';
import { startWorkbench, type TestWorkbench, testHome } from '#support/workbench.ts';

const patience = { timeout: 30_000, interval: 5 };
const line = parseFraming('line') as FramingSpec;
const environment = 'environments/lab.yaml';
const secret = 'hunter2"hunter2';
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function written(content: string, more: Partial<WrittenPayload> = {}): WrittenPayload {
  return { format: 'json', text: content, encoding: 'utf-8', template: true, ...more };
}

/** Connects `count` clients of a workbench to `port`; returns their sockets. */
async function connected(port: number, count = 1): Promise<{ bench: TestWorkbench; sockets: number[] }> {
  const bench = await startWorkbench(await testHome());
  const sockets: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const { id } = await bench.value('endpoints.create', { ...defaultClient, name: `c${number}`, port, framing: line });
    const { socket = 0 } = await bench.value('endpoints.open', { id });
    sockets.push(socket);
  }
  return { bench, sockets };
}

/** A server that keeps what each connection sends, by its number, and answers each line with its number. */
async function listening(): Promise<{ port: number; received: string[] }> {
  const received: string[] = [];
  const open: net.Socket[] = [];
  const server = net.createServer((socket) => {
    const at = open.push(socket) - 1;
    received[at] = '';
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const character of String(data)) {
        received[at] += character;
        if (character === '\n') socket.write(`{"id": ${(received[at] ?? '').length}}\n`);
      }
    });
  });
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, received };
}

async function withEnvironment(bench: TestWorkbench): Promise<void> {
  const bytes = Buffer.from('variables:\n  device: B "1"\nsecrets: [token]\n');
  await bench.value('documents.write', { path: environment, bytes, basedOn: 'new' });
  await bench.value('secrets.set', { environment, name: 'token', value: secret });
}

describe('a payload with a framing', () => {
  it('is sent with it, or without any, and with that of the socket if it has none', async () => {
    const { port, received } = await listening();
    const { bench, sockets } = await connected(port);
    const send = async (frame: boolean, framing?: string) => {
      const own = framing === undefined ? {} : { framing: parseFraming(framing) as FramingSpec };
      const payload = written('ab', { format: 'text', template: false, ...own });
      const { sent } = await bench.value('sockets.send', { sockets, payload, frame });
      expect(sent).toMatchObject([{ socket: sockets[0] }]);
      return sent[0]?.bytes;
    };
    expect(await send(true, 'len:1')).toBe(3);
    expect(await send(true, 'line')).toBe(3);
    expect(await send(false, 'len:1')).toBe(2);
    expect(await send(true)).toBe(3);
    await vi.waitUntil(() => received[0]?.length === 11, patience);
    expect(received).toEqual(['\u0002abab\nabab\n']);
  });

  it('that cannot contain it says so', async () => {
    const { port } = await listening();
    const { bench, sockets } = await connected(port);
    const payload = written('abc', {
      format: 'text',
      template: false,
      framing: parseFraming('fixed:2') as FramingSpec,
    });
    const { sent } = await bench.value('sockets.send', { sockets, payload, frame: true });
    expect(sent).toMatchObject([{ bytes: 0, error: { code: 'bad-input', message: 'Could not frame the payload' } }]);
  });
});

describe('a payload with a template', () => {
  it('counts in a repeated send, as a Python peer parses it', async () => {
    await using peer = await startPeer('json_counter.py');
    const { bench, sockets } = await connected(Number(await peer.line()));
    await withEnvironment(bench);
    const payload = written('{"n": {{ counter }}, "device": "{{ device }}", "of": {{ message }}}', { environment });
    const timing = { count: 50, intervalMs: 0, jitterMs: 0 };
    const { id } = await bench.value('jobs.start', { kind: 'repeat', sockets, payload, frame: true, ...timing });
    const job = async () => (await bench.value('app.snapshot', {})).jobs.find((it) => it.id === id);
    await vi.waitUntil(async () => (await job())?.state === 'done', patience);
    await bench.value('sockets.shutdown', { socket: sockets[0] ?? 0 });
    expect(await peer.line()).toBe(JSON.stringify({ lines: 50, sum: 1_275, devices: ['B "1"'], of: 50 }));
  });

  it('is rendered for each peer, with what it received last and its own counter', async () => {
    const { port, received } = await listening();
    const { bench, sockets } = await connected(port, 2);
    const send = (content: string, to = sockets) =>
      bench.value('sockets.send', { sockets: to, payload: written(content), frame: true });
    await send('{"n": {{ counter }}}');
    await send('{"n": {{ counter }}}', sockets.slice(0, 1));
    const messagesIn = async (socket = 0) => {
      const found = (await bench.value('app.snapshot', {})).sockets.find(({ id }) => id === socket);
      return found?.messagesIn;
    };
    await vi.waitUntil(
      async () => (await messagesIn(sockets[0])) === 2 && (await messagesIn(sockets[1])) === 1,
      patience,
    );
    const { sent } = await send('[{{ counter }},{{ last | json: "$.id" }},"{{ connection.name }}"]');
    expect(sent.map(({ error }) => error)).toEqual([undefined, undefined]);
    await vi.waitUntil(() => received.every((it) => it.endsWith(']\n')), patience);
    expect(received).toEqual(['{"n": 1}\n{"n": 2}\n[3,18,"c0"]\n', '{"n": 1}\n[2,9,"c1"]\n']);
  });

  it('that fails is not sent, and says its line and column', async () => {
    const { port, received } = await listening();
    const { bench, sockets } = await connected(port);
    const request = { sockets, frame: true };
    const broken = await bench.call('sockets.send', { ...request, payload: written('{\n "a": {{ | }}}') });
    expect(broken).toMatchObject({ ok: false, error: { system: expect.stringContaining('line 2, column') } });
    const { sent } = await bench.value('sockets.send', { ...request, payload: written('{"a": {{ nobody }}}') });
    expect(sent).toMatchObject([
      { bytes: 0, error: { code: 'bad-input', system: expect.stringContaining('line 1, column 10') } },
    ]);
    const repeat = { kind: 'repeat', ...request, intervalMs: 0, jitterMs: 0 } as const;
    await bench.value('jobs.start', { ...repeat, payload: written('{"a": {{ nobody }}}') });
    const jobs = async () => (await bench.value('app.snapshot', {})).jobs;
    await vi.waitUntil(async () => (await jobs())[0]?.state === 'failed', patience);
    expect((await jobs())[0]).toMatchObject({
      sent: 0,
      error: { system: expect.stringContaining('line 1, column 10') },
    });
    expect(received).toEqual(['']);
  });

  it('shows the value at a place, also of names that it sets itself', async () => {
    const bench = await startWorkbench(await testHome());
    const content =
      '{% assign a = 1 | plus: 1 %}{{ a | plus: 5 }}{% for i in (1..3) %}{{ i }}{% endfor %}{% if false %}{{ b }}{% endif %}';
    const valueAt = (part: string) =>
      bench.value('payloads.preview', { payload: written(content, { format: 'text' }), at: content.indexOf(part) + 3 });
    expect(text((await valueAt('{{ a')).bytes)).toBe('2');
    expect(text((await valueAt('{{ i')).bytes)).toMatch(/^[123]$/);
    expect((await valueAt('{{ b')).problem?.message).toBe('The next message does not contain this value');
  });

  it('reads files of the workspace and no other, and no variable of the process', async () => {
    const bench = await startWorkbench(await testHome());
    await bench.value('documents.write', { path: 'payloads/a.txt', bytes: Buffer.from('Hello'), basedOn: 'new' });
    const preview = (content: string) =>
      bench.value('payloads.preview', { payload: written(content, { format: 'text' }) });
    expect(text((await preview('{{ "payloads/a.txt" | file }}')).bytes)).toBe('Hello');
    for (const path of [
      '/etc/passwd',
      '../settings.json',
      'payloads/../wirebench.yaml',
      '.wirebench/local/lock',
      'payloads',
    ]) {
      const { problem, length } = await preview(`{{ "${path}" | file }}`);
      expect(problem, path).toMatchObject({ line: 1 });
      expect(length).toBe(0);
    }
    expect(await preview('{{ "PATH" | env }}')).toMatchObject({ problem: { line: 1 } });
  });
});

describe('a secret of an environment', () => {
  it('that this machine does not have is named as such, and is not sent', async () => {
    const { port } = await listening();
    const { bench, sockets } = await connected(port);
    const bytes = Buffer.from('variables: {}\nsecrets: [token]\n');
    await bench.value('documents.write', { path: environment, bytes, basedOn: 'new' });
    const payload = written('{"token": "{{ token }}"}', { environment });
    const message = 'The secret `token` is not set on this machine';
    expect(await bench.value('payloads.preview', { payload })).toMatchObject({ problem: { message, line: 1 } });
    const { sent } = await bench.value('sockets.send', { sockets, payload, frame: true });
    expect(sent).toMatchObject([{ bytes: 0, error: { system: expect.stringContaining(message) } }]);
  });

  it('is sent, and in no answer, event or failure; a preview shows asterisks', async () => {
    const { port, received } = await listening();
    const { bench, sockets } = await connected(port);
    await withEnvironment(bench);
    const payload = written('{"token": "{{ token }}"}', { environment });
    const preview = await bench.value('payloads.preview', { payload, socket: sockets[0] });
    expect(preview).toMatchObject({ usesSecret: true });
    expect(text(preview.bytes)).toBe(`{"token": "${'*'.repeat(secret.length)}"}`);
    const failing = [
      '{{ token | times: 2 }}',
      '{{ token | base64 | times: 2 }}',
      '{{ token | regex: "x(y)" }}',
      '{{ nobody }}{{ token }}',
    ];
    const answers: unknown[] = [preview];
    for (const content of failing) {
      const request = { sockets, frame: false, payload: written(content, { environment, format: 'text' as const }) };
      answers.push(await bench.call('sockets.send', request), await bench.call('payloads.preview', request));
    }
    const shown = JSON.stringify([answers, bench.events, await bench.value('app.snapshot', {})]);
    expect(shown).toContain('nobody');
    for (const part of ['hunter2', Buffer.from(secret).toString('base64').slice(0, 8)])
      expect(shown).not.toContain(part);
    const { path } = await bench.recording();
    expect(await readFile(path, 'latin1')).not.toContain('hunter2');

    await bench.value('sockets.send', { sockets, payload, frame: true });
    await vi.waitUntil(() => received[0]?.endsWith('\n'), patience);
    expect(JSON.parse(received[0] ?? '')).toEqual({ token: secret });
    expect(JSON.stringify(bench.events)).not.toContain('hunter2');
  });
});
