import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Output } from '#hosts/cli/output.ts';

/** A stream that takes nothing until `read` is called. */
class SlowReader {
  #take: (() => void) | undefined;
  readonly taken: Buffer[] = [];
  readonly stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      this.#take = () => {
        this.taken.push(chunk);
        done();
      };
    },
  });

  /** Takes what waits; each piece is handed over when the one before it was taken. */
  async read(): Promise<void> {
    while (this.#take) {
      const take = this.#take;
      this.#take = undefined;
      take();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function errno(code: string): Error {
  return Object.assign(new Error(`write ${code}`), { code });
}

describe('the output', () => {
  test('on a terminal has nothing that acts, in text or in bytes, whatever pieces a character comes in', () => {
    const pieces: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        pieces.push(String(chunk));
        done();
      },
    });
    const output = new Output(Object.assign(stream, { isTTY: true }));
    output.write('\x1b]0;title\x07\tline\n{"text":"\u009b2J\u202e"}\n');
    output.write(Buffer.from([0xc2]));
    output.write(Buffer.from([0x9b, 0xff, 0x0a]));
    expect(pieces.join('')).toBe('␛]0;title␇\tline\n{"text":"⟨U+009B⟩2J⟨U+202E⟩"}\n⟨U+009B⟩\ufffd\n');
  });

  test('elsewhere is what was written', () => {
    const pieces: Buffer[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        pieces.push(chunk);
        done();
      },
    });
    new Output(stream).write(Buffer.from([0x1b, 0xff]));
    expect(Buffer.concat(pieces)).toEqual(Buffer.from([0x1b, 0xff]));
  });

  test('is congested while too much waits for its reader, and says when that is over', async () => {
    const reader = new SlowReader();
    const output = new Output(reader.stream);
    let drains = 0;
    const stop = output.onDrain(() => {
      drains += 1;
    });
    output.write('a'.repeat(1_000_000));
    expect(output.congested).toBe(false);
    output.write('b'.repeat(100_000));
    expect(output.congested).toBe(true);
    const ready = output.ready();
    await reader.read();
    await ready;
    expect({ drains, congested: output.congested }).toEqual({ drains: 1, congested: false });
    stop();
    output.write('c'.repeat(1_100_000));
    await reader.read();
    expect(drains).toBe(1);
    expect(Buffer.concat(reader.taken).length).toBe(2_200_000);
  });

  test('is gone, without a failure, when its reader went away', async () => {
    const reader = new SlowReader();
    const output = new Output(reader.stream);
    let gone = 0;
    output.onGone(() => {
      gone += 1;
    });
    output.write('x'.repeat(2_000_000));
    const ready = output.ready();
    reader.stream.destroy(errno('EPIPE'));
    await ready;
    output.write('nobody reads this');
    await output.finish();
    expect({ gone, failure: output.failure, congested: output.congested }).toEqual({
      gone: 1,
      failure: undefined,
      congested: false,
    });
  });

  test('says why it could not be written otherwise', async () => {
    const reader = new SlowReader();
    const output = new Output(reader.stream);
    const gone = new Promise<void>((resolve) => output.onGone(resolve));
    reader.stream.destroy(errno('ENOSPC'));
    await gone;
    expect(output.failure).toMatchObject({ code: 'file', system: 'write ENOSPC' });
  });

  test('finishes with the failure of a file that was full when the last piece was written', async () => {
    const full = new Writable({ write: (_chunk, _encoding, done) => done(errno('ENOSPC')) });
    const output = new Output(full);
    output.write('last words');
    expect(await output.finish()).toMatchObject({ ok: false, error: { code: 'file', system: 'write ENOSPC' } });
  });

  test('is finished when all is handed over', async () => {
    const reader = new SlowReader();
    const output = new Output(reader.stream);
    output.write('last words');
    let finished = false;
    const finish = output.finish().then(() => {
      finished = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(finished).toBe(false);
    await reader.read();
    await finish;
    expect(String(Buffer.concat(reader.taken))).toBe('last words');
  });
});
