import { describe, expect, it } from 'vitest';
import { Cuts, singleCut } from '#shared/framing/cuts.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/list.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { acceptedSocket, answerOf, SessionFolder } from '#support/session.ts';

describe('the preview of a message', () => {
  it('is of a record that was cut by another framing as it stands', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const text = 'the quick brown fox jumps over the lazy dog '.repeat(60);
    log.run(1, 'in', Date.now(), new Uint8Array(0), Buffer.from(`${text}\n`), singleCut(text.length + 1, 0, 1));
    // Since then it is cut otherwise.
    log.describe({ ...acceptedSocket, framing: 'cobs' });
    await log.flush();
    expect(answerOf(await log.window(0, 1)).rows[0]?.preview).toBe(text.slice(0, 256));
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
      const cuts = new Cuts();
      cuts.push(bytes.length, head, tail, 0);
      log.run(1, 'in', Date.now(), new Uint8Array(0), bytes, cuts);
    }
    await log.flush();
    const wanted = ['a␀b␂c␐d', '\ufffd', 'long '.repeat(400).slice(0, 256)];
    expect(answerOf(await log.window(0, 10)).rows.map(({ preview }) => preview)).toEqual(wanted);
    const found = answerOf(await log.window(0, 10, 'in'));
    expect(found.rows.map(({ preview }) => preview)).toEqual(wanted);
  });
});
