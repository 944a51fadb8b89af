import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KeptPayload, maxKeptPayloads, maxKeptText, type PayloadKey } from '#shared/contract/payloads.ts';
import { cases } from '#support/cases.ts';
import { PayloadsFile } from '#workbench/payloads-file.ts';

let home: string;
let path: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'wirebench-home-'));
  path = join(home, 'payloads.json');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const client = (port: number): PayloadKey => ({ role: 'client', transport: 'tcp', host: '127.0.0.1', port });

function payload(text: string, change: Partial<KeptPayload> = {}): KeptPayload {
  const usual = {
    name: 'untitled',
    format: 'text',
    formatChosen: false,
    lineEnd: 'lf',
    changed: true,
    frame: true,
  } as const;
  return { ...usual, text, ...change };
}

/** The payload of an endpoint as the next run of the app finds it. */
const found = (key: PayloadKey) => new PayloadsFile(home).get(key);

test('any text is found as it was written, by its endpoint, in the next run', async () => {
  const text = fc.array(
    fc.oneof(fc.constantFrom('\r', '\n', '\r\n', '\ufeff', ' ', '\t', '\u2028', '\0', '"'), fc.string()),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('lf', 'crlf', 'cr'), async (parts, lineEnd) => {
      const kept = payload(parts.join(''), {
        name: 'a name',
        format: 'xml',
        formatChosen: true,
        lineEnd,
        frame: false,
      });
      expect(await new PayloadsFile(home).keep(client(1), kept)).toEqual({ ok: true, value: {} });
      expect(await found(client(1))).toEqual(kept);
    }),
    cases(40),
  );
});

test('endpoints that differ in role, transport, host or port have payloads of their own', async () => {
  const file = new PayloadsFile(home);
  const keys: PayloadKey[] = [
    client(1),
    { ...client(1), role: 'server' },
    { ...client(1), transport: 'udp' },
    { ...client(1), host: '::1' },
    client(0),
  ];
  for (const [index, key] of keys.entries()) await file.keep(key, payload(`${index}`));
  for (const [index, key] of keys.entries()) expect(await found(key)).toEqual(payload(`${index}`));
  expect(await found(client(2))).toBeUndefined();
});

test('only the newest payloads are kept', async () => {
  const file = new PayloadsFile(home);
  for (let port = 1; port <= maxKeptPayloads; port += 1) await file.keep(client(port), payload(`${port}`));
  await file.keep(client(1), payload('written again'));
  await file.keep(client(1_000), payload('one more'));
  expect(await found(client(1))).toEqual(payload('written again'));
  expect(await found(client(2))).toBeUndefined();
  expect(await found(client(3))).toEqual(payload('3'));
  expect(await found(client(1_000))).toEqual(payload('one more'));
});

test('long payloads are kept as long as their sum has room', async () => {
  const file = new PayloadsFile(home);
  const long = payload('x'.repeat(maxKeptText));
  for (let port = 1; port <= 17; port += 1) await file.keep(client(port), long);
  expect(await found(client(1))).toBeUndefined();
  expect(await found(client(2))).toEqual(long);
});

test('the file is its owner’s alone to read, and nothing else is left in the folder', async () => {
  const file = new PayloadsFile(home);
  await Promise.all([1, 2, 3].map((port) => file.keep(client(port), payload(`${port}`))));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(home)).toEqual(['payloads.json']);
  expect(await found(client(1))).toEqual(payload('1'));
  expect(await found(client(3))).toEqual(payload('3'));
});

test('what is forgotten is not in the file any more', async () => {
  const file = new PayloadsFile(home);
  await file.keep(client(1), payload('written'));
  await file.forget();
  expect(await file.get(client(1))).toBeUndefined();
  expect(await readFile(path, 'utf8')).not.toContain('written');
});

test('of a file that someone else wrote, what is a payload is found, and the rest is ignored', async () => {
  const good = { endpoint: client(1), payload: payload('good') };
  const bad = [
    null,
    1,
    { endpoint: client(2) },
    { endpoint: { ...client(3), port: 70_000 }, payload: payload('port') },
    { endpoint: client(4), payload: { ...payload(''), text: 'x'.repeat(maxKeptText + 1) } },
    { endpoint: client(5), payload: { ...payload('format'), format: 'exe' } },
    { endpoint: { ...client(6), role: '__proto__' }, payload: payload('role') },
  ];
  await writeFile(path, JSON.stringify({ version: 1, payloads: [...bad, good] }));
  expect(await found(client(1))).toEqual(good.payload);
  for (let port = 2; port <= 6; port += 1) expect(await found(client(port))).toBeUndefined();
});

test.each(['', 'no JSON', 'null', '[]', '{"payloads":7}', '{"payloads":{"length":1e9}}', '[['.repeat(50_000)])(
  'a file that begins with %j has no payloads, and the next one is kept',
  async (text) => {
    await writeFile(path, text);
    const file = new PayloadsFile(home);
    expect(await file.get(client(1))).toBeUndefined();
    expect(await file.keep(client(1), payload('new'))).toMatchObject({ ok: true });
    expect(await found(client(1))).toEqual(payload('new'));
  },
);

test('where the file cannot be written, the failure says so, and the payload is still there in this run', async () => {
  await mkdir(path);
  const file = new PayloadsFile(home);
  const kept = await file.keep(client(1), payload('unwritten'));
  expect(kept).toMatchObject({
    ok: false,
    error: { code: 'file', message: 'Could not store the payload for the next start' },
  });
  expect(await file.get(client(1))).toEqual(payload('unwritten'));
  expect(await readdir(home)).toEqual(['payloads.json']);
});
