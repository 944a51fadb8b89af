import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, parseFraming } from '#shared/framing/spec.ts';
import { Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { cases } from '#support/cases.ts';
import { acceptedSocket, answerOf, SessionFolder } from '#support/session.ts';

describe('the preview of a message', () => {
  it('is of a record of another framing as it stands', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const text = 'the quick brown fox jumps over the lazy dog '.repeat(60);
    log.messages(
      1,
      'in',
      Date.now(),
      new Uint8Array(0),
      Buffer.from(`${text}\n`),
      singleBoundary(text.length + 1, 0, 1),
    );
    // Its framing has changed since then.
    log.describe({ ...acceptedSocket, framing: 'cobs' });
    await log.flush();
    expect(answerOf(await log.ask('window', { first: 0, count: 1 })).rows[0]?.preview).toBe(text.slice(0, 256));
  });

  it.each(['slip', 'cobs', 'stx'])('is what %s carries, not how it escapes it', async (framing) => {
    const spec = parseFraming(framing);
    if (!spec) throw new Error(framing);
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    log.describe({ ...acceptedSocket, framing });
    // STX and its escape, the zero of COBS, and SLIP's END.
    const texts = ['a\0b\x02c\x10d', 'À', `${'long '.repeat(400)}`];
    for (const text of texts) {
      const body = Buffer.from(text, text === 'À' ? 'latin1' : 'utf8');
      const encoded = encodeMessage(spec, body);
      if (isUnframeable(encoded)) throw new Error(encoded.problem);
      const { bytes, head, tail } = encoded;
      const boundaries = new Boundaries();
      boundaries.push(bytes.length, head, tail, 0);
      log.messages(1, 'in', Date.now(), new Uint8Array(0), bytes, boundaries);
    }
    await log.flush();
    const wanted = ['a␀b␂c␐d', '\ufffd', 'long '.repeat(400).slice(0, 256)];
    expect(answerOf(await log.ask('window', { first: 0, count: 10 })).rows.map(({ preview }) => preview)).toEqual(
      wanted,
    );
    const query = answerOf(await log.query({ filter: 'in' })).id;
    const found = answerOf(await log.ask('window', { query, first: 0, count: 10 }));
    expect(found.rows.map(({ preview }) => preview)).toEqual(wanted);
  });

  /** The previews of reads of one stream, of all records and asked for one by one; a new block begins where `flushes` says. */
  async function previewsOf(reads: readonly Uint8Array[], flushes: (index: number) => boolean, framing = 'raw') {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    log.describe({ ...acceptedSocket, framing });
    for (const [index, read] of reads.entries()) {
      log.messages(1, 'in', Date.now(), new Uint8Array(0), Buffer.from(read), singleBoundary(read.length, 0, 0));
      // Of the other direction: it is a separate flow.
      log.messages(1, 'out', Date.now(), new Uint8Array(0), Buffer.from('x'), singleBoundary(1, 0, 0));
      if (flushes(index)) await log.flush();
    }
    await log.flush();
    const query = answerOf(await log.query({ filter: 'in' })).id;
    const received = answerOf(await log.ask('window', { query, first: 0, count: 1_000 })).rows;
    for (const { seq, preview } of received) {
      expect(answerOf(await log.ask('window', { first: seq, count: 1 })).rows[0]?.preview).toBe(preview);
    }
    return received.map(({ preview }) => preview);
  }

  it('has a character that reads split where it ends, wherever a window or a block begins', async () => {
    const text = fc.array(fc.constantFrom('a', 'é', '€', '😀'), { minLength: 1, maxLength: 12 });
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, sizes, fc.integer({ min: 1, max: 4 }), async (parts, lengths, every) => {
        const bytes = Buffer.from(parts.join(''));
        const reads: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += (reads.at(-1) as Buffer).length) {
          reads.push(bytes.subarray(at, at + (lengths[reads.length % lengths.length] as number)));
        }
        const previews = await previewsOf(reads, (index) => index % every === 0);
        expect(previews.join('')).toBe(parts.join(''));
      }),
      cases(10),
    );
  });

  it('is of a long read with the character that it ends, and without one that it begins', async () => {
    const [one, two] = [Buffer.from('€').subarray(0, 1), Buffer.from('€').subarray(1)];
    const long = 'long '.repeat(100);
    const reads = [Buffer.concat([Buffer.from(long), one]), Buffer.concat([two, Buffer.from(long)])];
    expect(await previewsOf(reads, () => false)).toEqual([long.slice(0, 256), `€${long.slice(0, 253)}`]);
  });

  it('is of bytes that are not text as they stand, and so is a message of another framing', async () => {
    const euro = Buffer.from('€');
    const halves = [euro.subarray(0, 1), euro.subarray(1)];
    expect(await previewsOf([Buffer.from([0xff, 0xe2]), halves[1] as Buffer], () => false)).toEqual([
      '\ufffd\ufffd',
      '\ufffd\ufffd',
    ]);
    expect(await previewsOf(halves, () => false, 'line')).toEqual(['\ufffd', '\ufffd\ufffd']);
  });
});
