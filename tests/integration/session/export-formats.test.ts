import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awkward, awkwardSession, readInPython, recordAwkward, saved, splitReads } from '#support/awkward-session.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';

describe('a session as CSV', () => {
  it('is read back by Python to the same bytes', async () => {
    await using folder = new SessionFolder();
    const log = await awkwardSession(folder);
    const rows = await readInPython<Record<string, string>>('csv', await saved(log, folder, 'csv'));
    expect(rows).toHaveLength(awkward.length + 3);
    const bodies = rows.slice(1, -2).map(({ body = '' }) => Buffer.from(body, 'hex'));
    for (const [index, message] of awkward.entries())
      expect(bodies[index]?.equals(message), `message ${index}`).toBe(true);
    expect(rows[1]).toMatchObject({
      seq: '1',
      kind: 'message',
      socket: '2',
      endpoint: 'two, "quoted"',
      peer: '[::1]:9',
      transport: 'udp',
      direction: 'in',
      length: '5',
      wire: '8',
      bookmarked: 'true',
      note: 'a "note",\nwith <b>all</b>',
      encoding: 'text',
    });
    expect(rows[5]).toMatchObject({ flags: 'truncated incomplete' });
    expect(rows[6]).toMatchObject({ encoding: 'base64' });
    expect(rows[0]).toMatchObject({ kind: 'accepted', direction: '', length: '0', note: 'at an event' });
    expect(Number(rows.at(-1)?.time_s)).toBeGreaterThanOrEqual(0);
  });

  it('is read back by Python to the same bytes, for any bytes', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const messages = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc
          .string({ unit: fc.constantFrom('"', ',', '\r', '\n', '\0', "'", 'é', ' ', '=') })
          .map((text) => Buffer.from(text)),
        // Reads that end inside of characters.
        fc.constantFrom(...splitReads),
      ),
      2_000,
    );
    log.describe({ ...acceptedSocket, framing: 'raw' });
    recordMessages(log, 'in', messages);
    await log.flush();
    const rows = await readInPython<{ body: string }>('csv', await saved(log, folder, 'csv'));
    expect(rows.map(({ body }) => body)).toEqual(messages.map((message) => Buffer.from(message).toString('hex')));
  });
});

describe('the raw bytes of a session', () => {
  it('are the stream exactly where one direction of one socket is chosen', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordAwkward(log);
    await log.flush();
    const bytes = readFileSync(await saved(log, folder, 'raw', { sockets: [1], direction: 'out' }));
    const stream = awkward.filter((_, index) => index % 3 !== 0 && index % 2 === 1);
    const wire = stream.flatMap((message) => [Buffer.from('>'), message, Buffer.from('\r\n')]);
    expect(bytes.equals(Buffer.concat(wire))).toBe(true);
  });

  it('are an archive with a file for each socket and direction else', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordAwkward(log);
    // A stream that is too long to be gathered in memory.
    const long = Buffer.alloc(3_000_000, 'z');
    for (let turn = 0; turn < 12; turn += 1) recordMessages(log, 'out', [long]);
    await log.flush();
    const files = await readInPython<{ name: string; sha256: string }>('tar', await saved(log, folder, 'raw'));
    expect(files.map(({ name }) => name)).toEqual([
      'socket-2-1_9-in.bin',
      'socket-1-127.0.0.1_51422-out.bin',
      'socket-1-127.0.0.1_51422-in.bin',
      'socket-2-1_9-out.bin',
    ]);
    for (const { name, sha256 } of files) {
      const expected = awkward
        .filter(
          (_, index) =>
            name.includes(`-${index % 3 === 0 ? 2 : 1}-`) && name.includes(index % 2 === 0 ? '-in' : '-out'),
        )
        .flatMap((message) => [Buffer.from('>'), message, Buffer.from('\r\n')]);
      if (name === 'socket-1-127.0.0.1_51422-out.bin') expected.push(...new Array<Buffer>(12).fill(long));
      expect(sha256, name).toBe(createHash('sha256').update(Buffer.concat(expected)).digest('hex'));
    }
  });
});
