import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SessionLog } from '#session/session.ts';
import { acceptedSocket, answerOf, recordLines, recordMessages, SessionFolder } from '#support/session.ts';

interface Line {
  readonly seq: number;
  readonly kind: string;
  readonly text?: string;
  readonly base64?: string;
}

async function savedLines(log: SessionLog, path: string): Promise<Line[]> {
  answerOf(await log.ask('save', { format: 'jsonl', path }));
  const text = readFileSync(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('saving a session', () => {
  it('writes JSON lines that hold every record', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    log.describe(acceptedSocket);
    recordMessages(log, 'in', [Buffer.from('{"a":1}\n'), Uint8Array.of(0xff, 0xfe, 10)], 1);
    log.event(1, Date.now(), { kind: 'closed', cause: 'peer', bytesIn: 11, bytesOut: 0 });
    await log.flush();
    expect(await savedLines(log, folder.file('a.jsonl'))).toMatchObject([
      { seq: 0, kind: 'message', direction: 'in', length: 7, wire: 8, text: '{"a":1}', peer: '127.0.0.1:51422' },
      { seq: 1, kind: 'message', length: 2, base64: '//4=' },
      { seq: 2, kind: 'closed', cause: 'peer', bytesIn: 11, text: 'closed by peer · 11 B in, 0 B out' },
    ]);
  });

  it('writes messages too long for one string in pieces, without a seam', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    // Characters of three bytes, so that pieces end within them.
    const text = Buffer.from('€"\n'.repeat(500_000));
    const binary = Buffer.alloc(2_000_003, Uint8Array.of(0xff, 1, 2, 3, 4));
    recordMessages(log, 'out', [text, binary]);
    await log.flush();
    const [first, second] = await savedLines(log, folder.file('a.jsonl'));
    expect(Buffer.from(first?.text ?? '').equals(text)).toBe(true);
    expect(Buffer.from(second?.base64 ?? '', 'base64').equals(binary)).toBe(true);
  });

  it('writes a copy that ends in order, while recording continues', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 50_000);
    await log.flush();
    const saving = log.ask('save', { format: 'wirebench', path: folder.file('copy.wirebench') });
    recordLines(log, 50_000);
    await log.flush();
    const saved = answerOf(await saving);
    expect(saved.records).toBe(50_000);
    expect(answerOf(await log.ask('window', { first: 0, count: 0 })).total).toBe(100_000);

    const copy = await folder.open('copy.wirebench');
    expect(copy.view()).toMatchObject({ total: saved.records, notice: '', problems: 0 });
    const counted = answerOf(await copy.ask('statistics', { pairing: { kind: 'order' } }));
    expect(counted).toMatchObject({ records: saved.records, total: [{ bytes: copy.bytes }, {}] });
    expect(statSync(copy.path).size).toBe(saved.bytes);
    // And a copy of the copy is the same, byte for byte.
    answerOf(await copy.ask('save', { format: 'wirebench', path: folder.file('again.wirebench') }));
    expect(readFileSync(folder.file('again.wirebench')).equals(readFileSync(folder.file('copy.wirebench')))).toBe(true);
  });

  it('writes text, one line a record', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 3);
    await log.flush();
    answerOf(await log.ask('save', { format: 'text', path: folder.file('a.txt') }));
    const lines = readFileSync(folder.file('a.txt'), 'utf8').split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^\d{4}-.*Z {2}#2 {2}in .* 6 B {2}line 2$/);
  });

  it('reports progress, and leaves nothing new and the old file untouched when it is cancelled', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 500_000);
    await log.flush();
    mkdirSync(folder.file('out'));
    writeFileSync(folder.file('out/a.jsonl'), 'old');
    const abort = new AbortController();
    const seen: [number, number][] = [];
    const saved = await log.ask(
      'save',
      {
        format: 'jsonl',
        path: folder.file('out/a.jsonl'),
      },
      {
        signal: abort.signal,
        onProgress: (done, total) => {
          seen.push([done, total]);
          abort.abort();
        },
      },
    );
    expect(saved).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    const [done, total] = seen[0] ?? [0, 0];
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(total);
    expect(readdirSync(folder.file('out'))).toEqual(['a.jsonl']);
    expect(readFileSync(folder.file('out/a.jsonl'), 'utf8')).toBe('old');
  });

  it('is cancelled, and leaves nothing, when its session is closed', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 500_000);
    await log.close();
    const session = await folder.open('live.wirebench');
    mkdirSync(folder.file('out'));
    let begun: () => void = () => {};
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const saving = session.ask(
      'save',
      {
        format: 'jsonl',
        path: folder.file('out/a.jsonl'),
      },
      {
        onProgress: () => begun(),
      },
    );
    await beginning;
    await session.close();
    expect(await saving).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(readdirSync(folder.file('out'))).toEqual([]);
  });

  it('answers other questions while it saves', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 300_000);
    await log.flush();
    let saved = false;
    const saving = log.ask('save', { format: 'jsonl', path: folder.file('a.jsonl') }).then(() => {
      saved = true;
    });
    answerOf(await log.ask('window', { first: 0, count: 100 }));
    expect(saved).toBe(false);
    await saving;
  });

  it('refuses to write over the session’s own file, and says why it cannot write elsewhere', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 1);
    await log.flush();
    const own = await log.ask('save', { format: 'jsonl', path: folder.file('live.wirebench') });
    expect(own).toMatchObject({ ok: false, error: { code: 'file', system: 'this is the file of the session itself' } });
    const nowhere = await log.ask('save', { format: 'jsonl', path: folder.file('none/a.jsonl') });
    expect(nowhere).toMatchObject({ ok: false, error: { code: 'file', system: expect.stringContaining('ENOENT') } });
    expect(answerOf(await log.ask('window', { first: 0, count: 1 })).rows).toHaveLength(1);
  });

  it.runIf(existsSync('/dev/full'))('refuses a device', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 1);
    await log.flush();
    const full = await log.ask('save', { format: 'jsonl', path: '/dev/full' });
    expect(full).toMatchObject({
      ok: false,
      error: {
        code: 'file',
        system: 'it is a device, not a regular file',
        hint: 'Name a regular file.',
      },
    });
  });
});
