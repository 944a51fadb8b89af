import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { messageFlags } from '#shared/message/flags.ts';
import { TestEngine } from '#support/engine.ts';

const run = promisify(execFile);
const noMessage = messageFlags.malformed | messageFlags.incomplete;

/** The bodies that a socket received, and how many records are not messages. */
function received(bench: TestEngine, socket: number) {
  const records = bench.log.of(socket).filter(({ kind }) => kind === 'in');
  return {
    texts: records.map(({ bytes }) => bytes.toString('latin1')),
    wrong: records.filter(({ flags }) => (flags & noMessage) !== 0).length,
  };
}

async function logger(port: number, ...options: string[]): Promise<void> {
  await run('logger', ['-T', '-n', '127.0.0.1', '-P', String(port), ...options]);
}

test.each([
  ['in lines', [], /^<13>[^\n]*hello 1\n$/],
  ['counted', ['--octet-count'], /^\d+ <13>[^\n]*hello 1$/],
])('logger sends messages %s, and the framing syslog takes them', async (_form, options, pattern) => {
  await using bench = new TestEngine();
  const { port } = await bench.serve({ framing: { kind: 'syslog' }, behaviour: { kind: 'silent' } });
  await logger(port, ...options, 'hello 1');
  const peer = await bench.accepted();
  await bench.event(peer, 'closed');
  const { texts, wrong } = received(bench, peer);
  expect([texts.length, wrong]).toEqual([1, 0]);
  expect(texts[0]).toMatch(pattern);
});

test('what logger sends in both forms comes as messages over one connection', async () => {
  await using bench = new TestEngine();
  const silent = { behaviour: { kind: 'silent' } } as const;
  const raw = await bench.serve(silent);
  for (const options of [[], ['--octet-count']]) await logger(raw.port, ...options, 'hello 12 items');
  const forms: Buffer[] = [];
  for (const index of [0, 1]) {
    const peer = await bench.accepted(index);
    await bench.event(peer, 'closed');
    forms.push(bench.log.stream(peer, 'in'));
  }
  const [line, counted] = forms as [Buffer, Buffer];
  const { port } = await bench.serve({ framing: { kind: 'syslog' }, ...silent });
  const { socket } = await bench.connect(port);
  const peer = await bench.accepted(2);
  await bench.send([socket], Buffer.concat([line, counted, line, counted]));
  bench.engine.closeSocket(socket);
  await bench.event(peer, 'closed');
  const all = [line, counted, line, counted].map((form) => form.toString('latin1'));
  expect(received(bench, peer)).toEqual({ texts: all, wrong: 0 });
});
