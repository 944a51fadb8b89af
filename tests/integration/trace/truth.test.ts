import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TracedCall } from '#shared/calls/traced-calls.ts';
import { makeCertificate } from '#support/self-signed.ts';
import { SessionFolder } from '#support/session.ts';
import { type SeenSocket, socketsOfStrace, withoutSplits } from '#support/strace-calls.ts';
import { runWithStrace, socketsOfTrace, type TracedRun } from '#support/traced-run.ts';

const programs = fileURLToPath(new URL('../../support/traced', import.meta.url));
const folder = new SessionFolder();

beforeAll(() => {
  const { cert, key } = makeCertificate(folder);
  process.env.CERTIFICATE = cert;
  process.env.KEY = key;
});

afterAll(async () => {
  delete process.env.CERTIFICATE;
  delete process.env.KEY;
  await folder[Symbol.asyncDispose]();
});

/** Runs the program with both, and expects that they saw the same calls on each socket. */
async function compare(command: readonly string[], name: string, isEncrypted: boolean): Promise<TracedRun> {
  const file = folder.file(`${basename(name)}.strace`);
  const run = await runWithStrace([...command, join(programs, name)], file);
  expect(run.failures).toEqual([]);
  expect(run.end.code).toBe(0);
  const seen = linesOf(await socketsOfStrace(file, name.startsWith('node')), isEncrypted);
  expect(seen.length).toBeGreaterThan(1);
  expect(linesOf(socketsOfTrace(run.calls), isEncrypted)).toEqual(seen);
  return run;
}

/** Returns a line for each socket. What is encrypted below the tracer is left out. */
function linesOf(sockets: readonly SeenSocket[], isEncrypted: boolean): string[] {
  return sockets
    .map((calls) => withoutSplits(calls).filter(({ name }) => !isEncrypted || (name !== 'send' && name !== 'recv')))
    .map((calls) => calls.map(({ name, result }) => `${name}=${result}`).join(' '))
    .sort();
}

/** Returns the plain text that was sent and received in TLS, without what only says that there is nothing more. */
function plainText(calls: readonly TracedCall[], call: 'send' | 'recv'): string[] {
  return calls
    .filter(({ start, end }) => start.isTls && start.call === call && end && end.result > 0)
    .map(({ end }) => new TextDecoder().decode(end?.data))
    .sort();
}

const python = await readdir(join(programs, 'python'));
const node = await readdir(join(programs, 'node'));
const isTls = (name: string) => name.startsWith('tls');

describe('the traced calls of a Python program equal those that strace sees', () => {
  test.for(python.filter((name) => !isTls(name)))('%s', async (name) => {
    await compare(['python3'], join('python', name), false);
  });
});

describe('the traced calls of a Node.js program equal those that strace sees', () => {
  test.for(node.filter((name) => !isTls(name)))('%s', async (name) => {
    await compare([process.execPath], join('node', name), false);
  });
});

describe('of TLS, the plain text is traced, and the calls around it equal those that strace sees', () => {
  test.for([
    ['python/tls_sockets.py', true],
    // asyncio encrypts in memory and sends the result itself, so both are seen.
    ['python/tls_asyncio.py', false],
    ['node/tls.mjs', true],
  ] as const)('%s', async ([name, isEncrypted]) => {
    const { calls } = await compare([extname(name) === '.py' ? 'python3' : process.execPath], name, isEncrypted);
    const texts = ['in secret', 'you said: in secret'];
    expect(plainText(calls, 'send').map((text) => text.trim())).toEqual(texts);
    expect(plainText(calls, 'recv').join('').replaceAll('\n', '')).toBe(texts.join(''));
    const plain = calls.filter(({ start }) => start.isTls);
    expect(plain.map(({ socket }) => socket?.family)).toEqual(plain.map(() => 'AF_INET'));
    if (basename(name) !== 'tls.mjs')
      expect(plain.filter(({ call, end }) => call === 'do_handshake' && end?.errno === 0)).toHaveLength(2);
  });
});
