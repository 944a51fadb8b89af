import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type SaveFormat, saveFormats } from '#shared/export/export-formats.ts';
import { anySession, writeAnySession } from '#support/any-session.ts';
import { cases, Reached } from '#support/cases.ts';
import { ImportFolder } from '#support/imports.ts';
import { streams as recordedFramings, spec } from '#support/reframing.ts';
import type { Expected } from '#support/session-script.ts';
import { packets } from '#support/tshark.ts';

const python = fileURLToPath(new URL('../../support/peers/read_exports.py', import.meta.url));

async function readInPython<Line>(kind: 'csv' | 'jsonl' | 'sqlite' | 'tar', path: string): Promise<Line[]> {
  const { stdout } = await promisify(execFile)('python3', [python, kind, path], { maxBuffer: 64 * 1_048_576 });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** The streams of `records`, by socket and direction. */
function streamsOf(records: readonly Expected[]): Map<string, Buffer> {
  const parts = new Map<string, Uint8Array[]>();
  for (const { kind, socket, bytes } of records) {
    if (kind !== 'in' && kind !== 'out') continue;
    const key = `${socket} ${kind}`;
    parts.set(key, [...(parts.get(key) ?? []), bytes]);
  }
  return new Map([...parts].map(([key, pieces]) => [key, Buffer.concat(pieces)]));
}

const isMessage = ({ kind }: { readonly kind: string }) => kind === 'in' || kind === 'out' || kind === 'message';
const hex = ({ bytes }: { readonly bytes: Uint8Array }) => Buffer.from(bytes).toString('hex');

/** What programs that are not Wirebench must find in an export of `records`, by format. */
const readers: Partial<Record<SaveFormat, (path: string, records: readonly Expected[]) => Promise<void>>> = {
  async raw(path, records) {
    const files = await readInPython<{ name: string; sha256: string }>('tar', path);
    const found = files.map(({ name, sha256 }) => [
      name.replace(/^socket-(\d+)-(?:.*-)?(in|out)\.bin$/, '$1 $2'),
      sha256,
    ]);
    const wanted = [...streamsOf(records)].map(([key, bytes]) => [
      key,
      createHash('sha256').update(bytes).digest('hex'),
    ]);
    expect(found.sort()).toEqual(wanted.sort());
    const { stdout } = await promisify(execFile)('tar', ['-tf', path]);
    expect(stdout.split('\n')).toHaveLength(wanted.length + 1);
  },
  async jsonl(path, records) {
    const rows = await readInPython<{ kind: string; bytes: string }>('jsonl', path);
    expect(rows.map(({ kind }) => kind)).toEqual(records.map((one) => (isMessage(one) ? 'message' : one.kind)));
    expect(rows.filter(isMessage).map(({ bytes }) => bytes)).toEqual(records.filter(isMessage).map(hex));
  },
  async csv(path, records) {
    const rows = await readInPython<{ kind: string; length: string }>('csv', path);
    expect(rows.map(({ kind }) => kind)).toEqual(records.map((one) => (isMessage(one) ? 'message' : one.kind)));
  },
  async sqlite(path, records) {
    const rows = await readInPython<{ table: string; kind: string; wire: number }>('sqlite', path);
    const found = rows.filter(({ table }) => table === 'records');
    expect(found.map(({ wire }) => wire)).toEqual(records.map(({ bytes }) => bytes.length));
  },
  async parquet(path, records) {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(rows.map(({ wire }) => wire)).toEqual(records.map(({ bytes }) => bytes.length));
  },
  async pcapng(path, records) {
    const lengths = (await packets(path, 'tcp.len > 0', 'tcp.len')).map(([length]) => Number(length));
    const datagrams = (await packets(path, 'udp', 'udp.length')).map(([length]) => Number(length) - 8);
    const sum = [...lengths, ...datagrams].reduce((all, length) => all + length, 0);
    expect(sum).toBe(records.reduce((all, { bytes }) => all + bytes.length, 0));
  },
};

describe('every format', () => {
  it('exports every session that one may have, also re-framed', { timeout: 300_000 }, async () => {
    const reached = new Reached<'event beside messages' | 'missing bytes' | 'note' | 'high socket' | 're-framed'>();
    await fc.assert(
      fc.asyncProperty(anySession, fc.option(recordedFramings), async (session, framing) => {
        using folder = new ImportFolder();
        const path = folder.file('any.wirebench');
        const expected = writeAnySession(path, session);
        if (expected.some(isMessage) && !expected.every(isMessage)) reached.note('event beside messages');
        if (session.script.some((step) => step.do === 'skip' && step.length > 0)) reached.note('missing bytes');
        if (expected.length > 0 && session.marks.some(({ note }) => note !== '')) reached.note('note');
        if (expected.some(({ socket }) => socket > 20)) reached.note('high socket');
        for (const format of saveFormats) expect(statSync(await folder.export(path, format)).isFile()).toBe(true);
        if (framing === null) return;
        reached.note('re-framed');
        const { target, result } = await folder.reframe(path, framing);
        expect(result.ok).toBe(true);
        for (const format of saveFormats) expect(statSync(await folder.export(target, format)).isFile()).toBe(true);
      }),
      cases(10),
    );
    reached.expectEach(['event beside messages', 'missing bytes', 'note', 'high socket', 're-framed']);
  });

  it('is read by other programs, which find the same records', { timeout: 300_000 }, async () => {
    for (const session of fc.sample(anySession, { ...cases(2), seed: 11 })) {
      using folder = new ImportFolder();
      const path = folder.file('any.wirebench');
      const expected = writeAnySession(path, session);
      for (const [format, read] of Object.entries(readers)) {
        await read(await folder.export(path, format as SaveFormat), expected);
      }
    }
  });

  it('gives each stream its own bytes where the codes of events are those of other sockets’ streams', async () => {
    using folder = new ImportFolder();
    const path = folder.file('mixed.wirebench');
    const run = { do: 'run', carryOver: 0, sizes: [5], rest: 0, flags: 0 } as const;
    const script = [1, 2, 3, 4].flatMap((socket) => [
      { do: 'event', socket, event: { kind: 'ended' } } as const,
      { ...run, socket, direction: 'in' } as const,
      { do: 'event', socket, event: { kind: 'control', way: 'sent', frame: 'pong', payload: 'ff' } } as const,
      { ...run, socket, direction: 'out' } as const,
    ]);
    const expected = writeAnySession(path, { script, marks: [] });
    await readers.raw?.(await folder.export(path, 'raw'), expected);
    const { target } = await folder.reframe(path, spec('raw'));
    await readers.raw?.(await folder.export(target, 'raw'), expected);
  });
});
