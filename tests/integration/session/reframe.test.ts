import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reader } from '#session/query/reader.ts';
import { singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { cases, Reached } from '#support/cases.ts';
import { frameStream } from '#support/framing.ts';
import { ImportFolder, type SessionContent, withTimes } from '#support/imports.ts';
import { windowAt } from '#support/reader-rows.ts';
import { connectionInfo, streamRecords, type WireStep, wireSteps } from '#support/recorded-streams.ts';
import { bytesOf, keys, messagesOf, recordedWire, spec, streams, wholeOf } from '#support/reframing.ts';
import { answerOf, SessionFolder } from '#support/session.ts';
import { recordSession } from '#support/session-script.ts';

describe('re-framing a recorded session', () => {
  it('keeps every byte, and gives the messages that the framing makes of the whole streams', async () => {
    using folder = new ImportFolder();
    let files = 0;
    await fc.assert(
      fc.asyncProperty(wireSteps, streams, streams, fc.boolean(), async (steps, old, framing, end) => {
        files += 1;
        const path = folder.file(`old-${files}.wirebench`);
        const wire = recordedWire(path, steps, old, end);
        const result = await folder.reframed(path, framing);
        expect(result.notice).toBe('');
        for (const key of keys) {
          const whole = wholeOf(wire, key);
          expect(bytesOf(result, key).equals(whole)).toBe(true);
          const chunks = framing.kind === 'raw' ? (wire.get(key) ?? []).map(({ bytes }) => bytes) : [whole];
          expect(messagesOf(result, key)).toEqual(frameStream(framing, chunks).messages);
          let offset = 0;
          for (const row of result.rows.filter(({ kind, socket }) => `${socket} ${kind}` === key)) {
            expect(row.offset).toBe(offset);
            offset += row.length;
          }
        }
        expect(result.records.filter(({ kind }) => kind === 'closed').length).toBe(2);
      }),
      cases(50),
    );
  });

  it('gives each message the time of the read that brought its last byte, and keeps the reads', async () => {
    using folder = new ImportFolder();
    let files = 0;
    await fc.assert(
      fc.asyncProperty(wireSteps, streams, async (steps, old) => {
        files += 1;
        const path = folder.file(`old-${files}.wirebench`);
        const wire = recordedWire(path, steps, old);
        const { target } = await folder.reframe(path, spec('line'));
        const reader = new Reader(target, false);
        reader.open(Number.POSITIVE_INFINITY);
        const { rows } = windowAt(reader, Number.POSITIVE_INFINITY, 0, 10_000);
        for (const socket of [1, 2]) {
          let offset = 0;
          const reads = (wire.get(`${socket} in`) ?? []).map(({ at, bytes }) => {
            offset += bytes.length;
            return { at, to: offset };
          });
          for (const row of rows.filter(({ kind, socket: id }) => id === socket && kind === 'in')) {
            const last = reads.find(({ to }) => to >= row.offset + row.length);
            expect(Math.abs(row.at - (last?.at ?? 0))).toBeLessThan(0.001);
          }
          const kept = await reader.reads.find(socket, 0, Number.POSITIVE_INFINITY);
          expect(kept.map(({ offset: from, length }) => from + length)).toEqual(reads.map(({ to }) => to));
        }
        reader.close();
      }),
      cases(25),
    );
  });

  it('puts the records in the order of time, so that a reply stands after its request and no record before its past', async () => {
    using folder = new ImportFolder();
    const path = folder.file('old.wirebench');
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    // As JSON the bracket is never closed: all of it is one message, recorded when the stream ends.
    const steps: WireStep[] = [
      { do: 'in', socket: 1, bytes: bytes('[1\n'), waitMs: 10 },
      { do: 'out', socket: 1, bytes: bytes('one\n'), waitMs: 10 },
      { do: 'in', socket: 2, bytes: bytes('{}'), waitMs: 10 },
      { do: 'in', socket: 1, bytes: bytes('2\nrest'), waitMs: 10 },
      { do: 'out', socket: 1, bytes: bytes('two\n'), waitMs: 10 },
    ];
    recordedWire(path, steps, spec('json'));
    const result = await folder.reframed(path, spec('line'), [1]);
    const shown = result.records.flatMap(({ kind, socket, bytes: of }) =>
      kind === 'in' || kind === 'out' ? [`${socket} ${kind} ${Buffer.from(of).toString().trim()}`] : [],
    );
    expect(shown).toEqual(['1 in [1', '1 out one', '2 in {}', '1 in 2', '1 in rest', '1 out two']);
  });

  it('has no record that is earlier than the one before it', async () => {
    using folder = new ImportFolder();
    let files = 0;
    const reached = new Reached<'several' | 'few'>();
    await fc.assert(
      fc.asyncProperty(wireSteps, streams, streams, async (steps, old, framing) => {
        files += 1;
        const path = folder.file(`old-${files}.wirebench`);
        recordedWire(path, steps, old);
        const { rows } = await folder.reframed(path, framing);
        for (const [at, row] of rows.entries()) {
          const before = rows[at - 1];
          if (before) expect(row.at).toBeGreaterThanOrEqual(before.at);
        }
        reached.note(rows.length > 4 ? 'several' : 'few');
      }),
      cases(50),
    );
    reached.expectEach(['several'], 10);
  });

  it('and back gives what was recorded at first, with what the framing reported', async () => {
    using folder = new ImportFolder();
    let files = 0;
    await fc.assert(
      fc.asyncProperty(wireSteps, streams, streams, async (steps, old, other) => {
        files += 1;
        const path = folder.file(`old-${files}.wirebench`);
        recordedWire(path, steps, old);
        const { target } = await folder.reframe(path, other);
        const before = folder.read(path);
        const after = await folder.reframed(target, old);
        expect(after.sockets.toSorted((a, b) => a.id - b.id)).toEqual(before.sockets);
        // Re-framing says what is wrong with what was sent, too; while it was sent nobody looked.
        const records = after.records.filter(({ event }) => event?.kind !== 'malformed' || event.way !== 'sent');
        for (const key of ['1 in', '2 in', '1 closed', '2 closed', '1 malformed', '2 malformed']) {
          expect(withTimes(streamRecords(records, key))).toEqual(withTimes(streamRecords(before.records, key)));
        }
      }),
      cases(25),
    );
  });

  it('reports once what does not follow the framing and where, and describes the sockets again', async () => {
    using folder = new ImportFolder();
    const path = folder.file('old.wirebench');
    const bytes = (text: string) => new Uint8Array(Buffer.from(text));
    const steps: WireStep[] = [
      { do: 'in', socket: 1, bytes: bytes('{"a":1}\nnonsense\nmore '), waitMs: 1 },
      { do: 'in', socket: 1, bytes: bytes('nonsense\n{}'), waitMs: 1 },
      { do: 'out', socket: 1, bytes: bytes('}{"b":2}'), waitMs: 1 },
    ];
    recordedWire(path, steps, spec('line'));
    const result = await folder.reframed(path, spec('json'), [1]);
    const events = result.records.flatMap(({ event }) => (event?.kind === 'malformed' ? [event] : []));
    expect(events).toEqual([
      { kind: 'malformed', framing: 'json', offset: 7, text: expect.any(String) },
      { kind: 'malformed', framing: 'json', offset: 0, text: expect.any(String), way: 'sent' },
    ]);
    const flagged = streamRecords(result.records, '1 out').map(({ flags }) => flags);
    expect(flagged).toEqual([messageFlags.malformed, 0]);
    expect(result.sockets.map(({ id, framing }) => [id, framing])).toEqual([
      [1, 'json'],
      [2, 'line'],
    ]);
    expect(result.reframed).toMatchObject({ sockets: 1, records: result.records.length, notice: '' });
  });

  it('leaves sockets that carry messages, and those that were not chosen, as they were', async () => {
    using folder = new ImportFolder();
    const path = folder.file('old.wirebench');
    recordSession(
      path,
      (recorder) => {
        for (const [id, transport] of [
          [1, 'tcp'],
          [2, 'udp'],
          [3, 'wss'],
          [4, 'tls'],
          [5, 'local'],
        ] as const) {
          recorder.describe({ ...connectionInfo(id, 'raw'), transport });
          const message = Buffer.from('a\nb\n');
          recorder.messages(
            id,
            'in',
            1_800_000_000_000,
            new Uint8Array(0),
            message,
            singleBoundary(4, 0, 0, id === 3 ? messageFlags.text : 0),
          );
        }
      },
      true,
    );
    const counts = (result: SessionContent) =>
      [1, 2, 3, 4, 5].map((id) => streamRecords(result.records, `${id} in`).length);
    const all = await folder.reframed(path, spec('line'));
    expect(counts(all)).toEqual([2, 1, 1, 2, 2]);
    expect(streamRecords(all.records, '3 in')[0]?.flags).toBe(messageFlags.text);
    expect(all.reframed.sockets).toBe(3);
    expect(counts(await folder.reframed(path, spec('line'), [1, 2]))).toEqual([2, 1, 1, 1, 1]);
    const { result } = await folder.reframe(path, spec('line'), [2, 3]);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'wrong-state', system: 'none of the sockets has a stream' },
    });
    const none = await folder.reframe(path, spec('line'), [9]);
    expect(none.result).toMatchObject({ ok: false, error: { code: 'not-found', system: 'there is no socket 9' } });
  });

  it('moves a mark to the message that has the byte where the old one began, and joins those that meet', async () => {
    using folder = new ImportFolder();
    await using sessions = new SessionFolder();
    const log = sessions.create('marked.wirebench');
    log.describe(connectionInfo(1, 'raw'));
    for (const text of ['ab', 'c\nd', 'e', 'f\n', 'rest']) {
      log.messages(1, 'in', Date.now(), new Uint8Array(0), Buffer.from(text), singleBoundary(text.length));
    }
    log.event(1, Date.now(), { kind: 'malformed', framing: 'x', offset: 0, text: 'of the old framing' });
    log.event(1, Date.now(), { kind: 'ended' });
    await log.flush();
    for (const [seq, note] of ['zero', 'one', 'two', 'three', 'four', 'five', 'six'].entries()) {
      answerOf(await log.mark(seq, { note, bookmarked: seq === 2 }));
    }
    await log.flush();
    const path = folder.file('lines.wirebench');
    answerOf(await log.ask('reframe', { path, framing: spec('line'), name: 'lines', appVersion: 'test' }));
    const reframed = folder.read(path);
    expect(reframed.records.map(({ kind, bytes }) => (kind === 'in' ? Buffer.from(bytes).toString() : kind))).toEqual([
      ...['abc\n', 'def\n', 'rest', 'ended'],
    ]);
    expect(reframed.marks).toEqual([
      { seq: 0, bookmarked: false, note: 'zero\none' },
      { seq: 1, bookmarked: true, note: 'two\nthree' },
      { seq: 2, bookmarked: false, note: 'five\nfour' },
      { seq: 3, bookmarked: false, note: 'six' },
    ]);
  });

  it('cuts what is longer than the limit into pieces and says so, and copies sends of any size under raw', async () => {
    using folder = new ImportFolder();
    const path = folder.file('old.wirebench');
    const mib = 1_048_576;
    const sent = Buffer.alloc(20 * mib, 'long ');
    recordSession(
      path,
      (recorder) => {
        recorder.describe(connectionInfo(1, 'raw'));
        recorder.messages(1, 'out', 1, new Uint8Array(0), sent, singleBoundary(sent.length));
      },
      true,
      {},
    );
    const lines = await folder.reframe(path, spec('line'));
    const result = folder.read(lines.target);
    const { truncated, incomplete } = messageFlags;
    expect(result.rows.map(({ kind, length, flags }) => [kind, length, flags])).toEqual([
      ['out', 16 * mib, truncated],
      ['limited', 0, 0],
      ['out', 4 * mib, incomplete],
    ]);
    expect(bytesOf(result, '1 out').equals(sent)).toBe(true);
    // What the earlier framing reported is no longer reported.
    const raw = await folder.reframed(lines.target, spec('raw'));
    expect(raw.rows.map(({ kind, length, flags }) => [kind, length, flags])).toEqual([
      ['out', 16 * mib, 0],
      ['out', 4 * mib, 0],
    ]);
    const same = await folder.reframed(path, spec('raw'));
    expect(same.rows.map(({ length }) => length)).toEqual([sent.length]);
    expect(bytesOf(same, '1 out').equals(sent)).toBe(true);
  });
});

describe('framing by an idle gap, applied to a recorded session', () => {
  it('goes by the times of the reads', async () => {
    using folder = new ImportFolder();
    const path = folder.file('old.wirebench');
    const steps = (
      [
        ['a', 0],
        ['b', 3],
        ['c', 80],
        ['d', 3],
        ['e', 80],
      ] as const
    ).map(([text, waitMs]): WireStep => ({ do: 'in', socket: 1, bytes: new Uint8Array(Buffer.from(text)), waitMs }));
    recordedWire(path, steps, spec('line'));
    const result = await folder.reframed(path, spec('gap:50'));
    expect(messagesOf(result, '1 in').map(({ body }) => body)).toEqual(['ab', 'cd', 'e']);
  });
});
