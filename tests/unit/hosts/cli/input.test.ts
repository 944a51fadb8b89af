import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InputSplit, inputPieces } from '#hosts/cli/input.ts';
import { chunksOf } from '#support/framing.ts';

async function* streamOf(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** The pieces of an input that comes in `chunks`, as text. */
async function piecesOf(chunks: Iterable<string | Uint8Array>, split: InputSplit): Promise<string[]> {
  const pieces: string[] = [];
  const stream = streamOf([...chunks].map((chunk) => Buffer.from(chunk)));
  const input = inputPieces({ name: 'the standard input', stream, split });
  for await (const piece of input) pieces.push(Buffer.from(piece).toString());
  return pieces;
}

describe('the standard input', () => {
  test('is its reads, as they come', async () => {
    expect(await piecesOf(['a\nb', 'c'], 'reads')).toEqual(['a\nb', 'c']);
  });

  test('is its lines without their ends, the last one without one too', async () => {
    expect(await piecesOf(['one\ntw', 'o\r\n', '\n\r\nlast'], 'lines')).toEqual(['one', 'two', '', '', 'last']);
    expect(await piecesOf(['one\n'], 'lines')).toEqual(['one']);
    expect(await piecesOf([], 'lines')).toEqual([]);
  });

  test('is the same lines whatever reads it comes in, and nothing is lost where they keep their ends', async () => {
    const texts = fc.array(fc.constantFrom('a', 'é', '\n', '\r\n', '\r', 'word'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(), { maxLength: 8 }), async (parts, places) => {
        const text = parts.join('');
        const chunks = chunksOf(Buffer.from(text), places);
        const whole = await piecesOf(chunks, 'whole-lines');
        expect(whole.join('')).toBe(text);
        expect(await piecesOf(chunks, 'lines')).toEqual(whole.map((line) => line.replace(/\r?\n$/, '')));
      }),
    );
  });

  test('ends with a failure where a line does not end', async () => {
    const mebibyte = Buffer.alloc(1_048_576, 'x');
    const stream = streamOf(Array.from({ length: 70 }, () => mebibyte));
    const pieces = inputPieces({ name: 'notes', stream, split: 'lines' });
    expect(await pieces.next()).toMatchObject({
      done: true,
      value: { code: 'too-large', message: 'Could not send a line of notes' },
    });
  });

  test('ends with a failure where it cannot be read', async () => {
    const broken = (async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a');
      throw Object.assign(new Error('EISDIR'), { code: 'EISDIR', syscall: 'read' });
    })();
    const pieces = inputPieces({ name: 'notes', stream: broken, split: 'reads' });
    expect(await pieces.next()).toMatchObject({ done: false });
    expect(await pieces.next()).toMatchObject({
      done: true,
      value: { code: 'file', message: 'Could not read notes', system: expect.stringContaining('EISDIR') },
    });
  });
});
