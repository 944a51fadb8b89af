import dgram from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { createConfig, defaultClient } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { type Peer, startPeer } from '#support/peer.ts';
import { startWorkbench, type TestWorkbench, testHome } from '#support/workbench.ts';

const patience = { timeout: 30_000, interval: 5 };
const framing = parseFraming('line') as FramingSpec;

/** A workbench whose workspace has `documents`, with a client of `peer`. */
async function prepared(peer: Peer, documents: Readonly<Record<string, string>>) {
  const bench = await startWorkbench(await testHome());
  for (const [path, text] of Object.entries(documents)) {
    await bench.value('documents.write', { path, bytes: new TextEncoder().encode(text), basedOn: 'new' });
  }
  const config = { ...defaultClient, port: Number(await peer.line()), framing };
  const { id } = await bench.value('endpoints.create', config);
  return { bench, id };
}

async function ended(bench: TestWorkbench, id: string): Promise<JobView> {
  return vi.waitUntil(async () => {
    const { jobs } = await bench.value('app.snapshot', {});
    const job = jobs.find((one) => one.id === id);
    return job?.state === 'running' ? undefined : job;
  }, patience) as Promise<JobView>;
}

/** The next `count` lines that the peer has received. */
async function received(peer: Peer, count: number): Promise<string[]> {
  const lines: string[] = [];
  while (lines.length < count) lines.push(await peer.line());
  return lines;
}

const documents = {
  'payloads/hello.json': '{"n": 1}',
  'payloads/count.txt': 'count {{ counter }}',
  'payloads/count.txt.meta.yaml': 'template: true\n',
  'payloads/user.txt': 'user {{ user }} {{ counter }}',
  'payloads/user.txt.meta.yaml': 'template: true\n',
  'payloads/silent.txt': 'no',
  'payloads/raw.hex': '00 ff 0a',
  'payloads/raw.hex.meta.yaml': 'framing: raw\n',
};

describe('a send list', () => {
  test('of five steps with replies sends payloads as they are, and a counter goes on through its steps', async () => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, {
      ...documents,
      'lists/five.yaml': `steps:
  - { payload: hello, expect: { filter: text contains "ok 1" } }
  - { payload: count, count: 2, expect: {} }
  - { payload: silent, enabled: false, expect: {} }
  - { payload: user, expect: { filter: text contains "ok 4", timeoutMs: 20000 } }
  - { payload: raw.hex }
rows: lists/users.csv
`,
      'lists/users.csv': 'user\nAda\n',
    });
    const { socket } = await bench.value('endpoints.open', { id });
    const job = await bench.value('jobs.start', { kind: 'list', sockets: [socket], list: 'lists/five.yaml' });
    expect(await ended(bench, job.id)).toMatchObject({ state: 'done', sent: 5, failed: 0, row: 1, loop: 1, step: 4 });
    expect(await received(peer, 5)).toEqual([
      String.raw`b'{"n": 1}\n'`,
      String.raw`b'count 1\n'`,
      String.raw`b'count 2\n'`,
      String.raw`b'user Ada 3\n'`,
      String.raw`b'\x00\xff\n'`,
    ]);
  });

  test('runs once for each row of a file that the user selected', async () => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, { ...documents, 'lists/rows.yaml': 'steps: [{ payload: user }]\n' });
    const file = join(bench.home, 'rows.jsonl');
    await writeFile(file, '{"user":"Ada"}\n{"user":"Grace"}\n');
    const { socket } = await bench.value('endpoints.open', { id });
    const rows = bench.files.grantRead(file);
    const job = await bench.value('jobs.start', { kind: 'list', sockets: [socket], list: 'lists/rows.yaml', rows });
    expect(await ended(bench, job.id)).toMatchObject({ state: 'done', sent: 2, row: 2 });
    expect(await received(peer, 2)).toEqual([String.raw`b'user Ada 1\n'`, String.raw`b'user Grace 2\n'`]);
  });

  test('adds no framing of a payload to datagrams, and sends a template in the encoding of its payload', async () => {
    const server = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const bench = await startWorkbench(await testHome());
    for (const [path, text] of Object.entries({
      'payloads/framed.txt': 'framed',
      'payloads/framed.txt.meta.yaml': 'framing: line\n',
      'payloads/cup.txt.meta.yaml': 'template: true\nencoding: windows-1252\nframing: line\n',
      'lists/udp.yaml': 'steps: [{ payload: framed }, { payload: cup }]\n',
    })) {
      await bench.value('documents.write', { path, bytes: new TextEncoder().encode(text), basedOn: 'new' });
    }
    const bytes = Uint8Array.from(Buffer.from('caf\xe9 {{ counter }}', 'latin1'));
    await bench.value('documents.write', { path: 'payloads/cup.txt', bytes, basedOn: 'new' });
    const config = createConfig('client', 'udp', { port: server.address().port });
    const { id } = await bench.value('endpoints.create', config);
    const { socket } = await bench.value('endpoints.open', { id });
    const received: string[] = [];
    server.on('message', (datagram) => received.push(datagram.toString('latin1')));
    const job = await bench.value('jobs.start', { kind: 'list', sockets: [socket], list: 'lists/udp.yaml' });
    expect(await ended(bench, job.id)).toMatchObject({ state: 'done', sent: 2 });
    await vi.waitUntil(() => received.length === 2, patience);
    expect(received).toEqual(['framed', 'caf\xe9 1']);
  });

  test('that misses a reply ends as failed, with the step and what was awaited', async () => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, {
      ...documents,
      'lists/miss.yaml':
        'steps: [{ payload: hello }, { payload: silent, expect: { filter: text == "x", timeoutMs: 50 } }]\n',
    });
    const { socket } = await bench.value('endpoints.open', { id });
    const job = await bench.value('jobs.start', { kind: 'list', sockets: [socket], list: 'lists/miss.yaml' });
    expect(await ended(bench, job.id)).toMatchObject({
      state: 'failed',
      error: {
        code: 'timed-out',
        message: 'The send list ended at step 2 (silent), after 2 messages',
        system: 'no message that matches text == "x" was received within 50 ms',
      },
    });
  });

  test.each([
    ['a payload that is missing', 'steps: [{ payload: nothing }]\n', 'There is no payload “nothing”'],
    ['a mistake in a template', 'steps: [{ payload: user }]\n', 'The send list ended at step 1 (user)'],
  ])('does not run with %s', async (_, text, message) => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, { ...documents, 'lists/bad.yaml': text });
    const { socket } = await bench.value('endpoints.open', { id });
    const started = await bench.call('jobs.start', { kind: 'list', sockets: [socket], list: 'lists/bad.yaml' });
    const error = started.ok ? (await ended(bench, (started.value as JobView).id)).error : started.error;
    expect(error?.message).toContain(message);
  });
});

describe('an exchange in one action', () => {
  const input = { kind: 'one-shot', frame: true, waitMs: 20_000 } as const;
  const bytes = new TextEncoder().encode('bye');

  test('connects, sends, waits for the answer, closes, and says which records were received', async () => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, {});
    const until = { kind: 'filter', filter: 'text contains "ok 1"' } as const;
    const { id: job } = await bench.value('jobs.start', { ...input, endpoint: id, bytes, until });
    const view = await ended(bench, job);
    expect(view).toMatchObject({ state: 'done', sentBytes: 4, received: 1 });
    expect(await received(peer, 1)).toEqual([String.raw`b'bye\n'`]);
    const { endpoints } = await bench.value('app.snapshot', {});
    expect(endpoints[0]?.state).toBe('closed');
    const { first = -1 } = (view.kind === 'one-shot' && view.records) || {};
    const { id: session } = await bench.recording();
    const payload = await bench.value('sessions.payload', { session, seq: first, from: 0, length: 100 });
    expect(Buffer.from(payload.bytes).toString()).toBe('ok 1\n');
  });

  test('until the peer closes, takes all that it sends before', async () => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, {});
    const { id: job } = await bench.value('jobs.start', { ...input, endpoint: id, bytes, until: { kind: 'close' } });
    expect(await ended(bench, job)).toMatchObject({ state: 'done', received: 1, records: expect.anything() });
  });

  test('fails with what the system said where nobody listens', async () => {
    await using peer = await startPeer('answer_lines.py');
    const { bench, id } = await prepared(peer, {});
    await peer[Symbol.asyncDispose]();
    const { id: job } = await bench.value('jobs.start', { ...input, endpoint: id, bytes, until: { kind: 'message' } });
    expect(await ended(bench, job)).toMatchObject({
      state: 'failed',
      error: { code: 'refused', system: expect.stringContaining('ECONNREFUSED') },
    });
  });
});
