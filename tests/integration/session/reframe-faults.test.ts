import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { cases } from '#support/cases.ts';
import { forgeOffsets } from '#support/forged-session.ts';
import { chunksOf } from '#support/framing.ts';
import { ImportFolder } from '#support/imports.ts';
import { connectionInfo, type WireStep, wireSteps } from '#support/recorded-streams.ts';
import { bytesOf, keys, messagesOf, recordedWire, spec, streams, wholeOf } from '#support/reframing.ts';
import { recordLines, SessionFolder } from '#support/session.ts';
import { recordSession } from '#support/session-script.ts';

describe('re-framing what is not as it should be', () => {
  it('takes a damaged file up to the damage, and says so also in the new session', async () => {
    using folder = new ImportFolder();
    const text = Buffer.from('one\ntwo\n'.repeat(400));
    const steps = chunksOf(
      text,
      Array.from({ length: 200 }, (_, index) => index * 17),
    ).map((bytes): WireStep => ({ do: 'in', socket: 1, bytes, waitMs: 1 }));
    const path = folder.file('old.wirebench');
    const wire = recordedWire(path, steps, spec('raw'));
    const size = readFileSync(path).length;
    truncateSync(path, Math.floor(size / 2));
    const carryOver = await folder.reframed(path, spec('line'));
    expect(carryOver.notice).toBe('');
    expect(carryOver.reframed.notice).toMatch(/damaged or was not closed properly: at byte \d+/);
    expect(carryOver.records.at(-1)).toMatchObject({
      socket: 0,
      event: { kind: 'problem', text: carryOver.reframed.notice },
    });
    const kept = bytesOf(carryOver, '1 in');
    expect(kept.length).toBeGreaterThan(500);
    expect(wholeOf(wire, '1 in').subarray(0, kept.length).equals(kept)).toBe(true);
  });

  it('ends a message where bytes of the stream were not kept', async () => {
    using folder = new ImportFolder();
    const path = folder.file('old.wirebench');
    recordSession(
      path,
      (recorder) => {
        recorder.describe(connectionInfo(1, 'raw'));
        for (const text of ['one\ntw', 'o\nx\n']) {
          recorder.messages(1, 'in', 1, new Uint8Array(0), Buffer.from(text), singleBoundary(text.length));
        }
      },
      true,
    );
    // As where the log had no memory for the bytes between.
    forgeOffsets(path, [0, 100]);
    const carryOver = await folder.reframed(path, spec('line'));
    expect(messagesOf(carryOver, '1 in').map(({ body, flags }) => [body, flags])).toEqual([
      ['one', 0],
      ['tw', messageFlags.incomplete],
      ['o', messageFlags.incomplete],
      ['x', 0],
    ]);
    expect(carryOver.rows.map(({ offset }) => offset)).toEqual([0, 4, 100, 102]);
  });

  it('replaces no file, and leaves none where it is cancelled', async () => {
    using folder = new ImportFolder();
    await using sessions = new SessionFolder();
    const log = sessions.create('long.wirebench');
    log.describe(connectionInfo(1, 'raw'));
    recordLines(log, 400_000);
    await log.flush();
    const job = { framing: spec('line'), name: 'lines', appVersion: 'test' };
    const there = folder.file('there.wirebench');
    writeFileSync(there, 'mine');
    const refused = await log.ask('reframe', { ...job, path: there });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'file', hint: expect.stringContaining('not overwritten') },
    });
    const abort = new AbortController();
    const cancelled = await log.ask(
      'reframe',
      {
        ...job,
        path: folder.file('lines.wirebench'),
      },
      {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      },
    );
    expect(cancelled).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(readdirSync(folder.path)).toEqual(['there.wirebench']);
    expect(readFileSync(there, 'utf8')).toBe('mine');
  });

  it('never breaks on a forged file, and writes a sound one', async () => {
    using folder = new ImportFolder();
    let files = 0;
    const number = fc.oneof(fc.nat(300), fc.constantFrom(Number.NaN, -1, 1e300, 0.5, Number.POSITIVE_INFINITY));
    await fc.assert(
      fc.asyncProperty(
        wireSteps,
        streams,
        streams,
        fc.array(number, { minLength: 1, maxLength: 20 }),
        async (steps, old, framing, values) => {
          files += 1;
          const path = folder.file(`old-${files}.wirebench`);
          recordedWire(path, steps, old);
          forgeOffsets(path, values);
          const before = folder.read(path);
          const carryOver = await folder.reframed(path, framing);
          expect(carryOver.notice).toBe('');
          for (const key of keys) expect(bytesOf(carryOver, key).equals(bytesOf(before, key))).toBe(true);
        },
      ),
      cases(40),
    );
  });
});
