import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases, Reached } from '#support/cases.ts';
import { monaco } from '#support/fake-monaco.ts';
import { Model } from '#support/fake-monaco-model.ts';
import { PayloadModel } from '../../../../../src/renderer/features/composer/payload-model.ts';

const payloadOf = (raw: string) => new PayloadModel(raw, 'plaintext', 0, () => 'lf');

function fakeOf(payload: PayloadModel): Model {
  if (payload.model instanceof Model) return payload.model;
  throw new Error('the stand-in for Monaco is not in use');
}

/** The offset in the payload of a place in the editor. */
function offsetOf(payload: PayloadModel, line: number, column: number): number {
  const lines = fakeOf(payload)
    .text.split('\n')
    .slice(0, line - 1);
  const mark = payload.raw.startsWith('\ufeff') ? 1 : 0;
  return lines.reduce((sum, text, at) => sum + text.length + (payload.ends[at] === 'B' ? 2 : 1), mark) + column - 1;
}

const character = fc.constantFrom('a', 'b', ' ', 'ü', '\n', '\r\n', '\r');
const raw = fc.array(character, { maxLength: 10 }).map((parts) => parts.join(''));
const step = fc.record({
  kind: fc.constantFrom('paste', 'type', 'undo', 'redo', 'replace'),
  text: raw,
  from: fc.nat(40),
  to: fc.nat(40),
});

describe('a payload in Monaco', () => {
  test('is what was typed, pasted, replaced and undone, byte for byte', () => {
    const reached = new Reached<'paste' | 'type' | 'undo' | 'redo' | 'replace' | 'mixed'>();
    fc.assert(
      fc.property(fc.boolean(), raw, fc.array(step, { maxLength: 12 }), (hasMark, first, steps) => {
        const start = (hasMark ? '\ufeff' : '') + first;
        const payload = payloadOf(start);
        let expected = start;
        const undo: string[] = [];
        let redo: string[] = [];
        for (const { kind, text, from, to } of steps) {
          const fake = fakeOf(payload);
          if (kind === 'undo' || kind === 'redo') {
            const [source, target] = kind === 'undo' ? [undo, redo] : [redo, undo];
            const next = source.pop();
            fake[kind]();
            if (next === undefined) continue;
            target.push(expected);
            expected = next;
          } else {
            undo.push(expected);
            redo = [];
            if (kind === 'replace') {
              payload.replace(text);
              expected = text;
            } else {
              const range = rangeAt(fake, from, to);
              const written = kind === 'type' ? 'x' : text;
              const a = offsetOf(payload, range.startLineNumber, range.startColumn);
              const b = offsetOf(payload, range.endLineNumber, range.endColumn);
              const isAll =
                kind === 'paste' && fake.text !== '' && expected.slice(a, b) === expected.replace('\ufeff', '');
              expected = expected.slice(0, isAll ? 0 : a) + written + expected.slice(b);
              payload.model.pushEditOperations([], [{ range, text: written }], () => null);
              if (kind === 'paste') {
                const { startLineNumber: line, startColumn: column } = range;
                payload.keepPasted(new monaco.Range(line, column, line + linesOf(written), 1));
              }
            }
          }
          reached.note(kind);
          if (payload.isMixed) reached.note('mixed');
          expect(payload.raw).toBe(expected);
        }
      }),
      cases(400),
    );
    reached.expectEach(['paste', 'type', 'undo', 'redo', 'replace', 'mixed'], 20);
  });

  test.each([
    ['a\r\nb\r\n', 'a\r\n\r\nb\r\n'],
    ['a\rb\r', 'a\r\rb\r'],
    ['a\nb\r\n', 'a\n\nb\r\n'],
  ])('gets the line end of the line above with Enter: %j', (before, after) => {
    const payload = payloadOf(before);
    payload.model.pushEditOperations([], [{ range: new monaco.Range(1, 2, 1, 2), text: '\n' }], () => null);
    expect(payload.raw).toBe(after);
  });

  test('has one byte order mark, which it takes from a paste at its beginning, and undo gives back what was', () => {
    const payload = payloadOf('plain');
    const at = (column: number) => new monaco.Range(1, column, 1, column);
    payload.model.pushEditOperations([], [{ range: at(1), text: '\ufeffmarked ' }], () => null);
    expect(payload.raw).toBe('\ufeffmarked plain');
    payload.model.pushEditOperations([], [{ range: at(3), text: '\ufeff' }], () => null);
    expect(payload.raw).toBe('\ufeffma\ufeffrked plain');
    fakeOf(payload).undo();
    fakeOf(payload).undo();
    expect(payload.raw).toBe('plain');
  });

  test('loses its byte order mark and its line ends when all of it is replaced by a paste, and undo restores both', () => {
    const payload = payloadOf('\ufeffA\r\n');
    const paste = (text: string) => {
      payload.model.pushEditOperations([], [{ range: payload.model.getFullModelRange(), text }], () => null);
      payload.keepPasted(payload.model.getFullModelRange());
    };
    paste('GET / HTTP/1.1\n\n');
    expect(payload.raw).toBe('GET / HTTP/1.1\n\n');
    fakeOf(payload).undo();
    expect(payload.raw).toBe('\ufeffA\r\n');
    paste('\ufeffB');
    expect(payload.raw).toBe('\ufeffB');
    // What is copied whole has the mark, so that it can be pasted over itself.
    expect(payload.rawIn([payload.model.getFullModelRange()])).toBe('\ufeffB');
    expect(payload.rawIn([new monaco.Range(1, 1, 1, 1)] as never)).toBe('B\n');
  });

  test('keeps its byte order mark where it is typed over, and where it is empty', () => {
    const payload = payloadOf('\ufeffa');
    payload.model.pushEditOperations([], [{ range: payload.model.getFullModelRange(), text: '' }], () => null);
    payload.model.pushEditOperations([], [{ range: payload.model.getFullModelRange(), text: 'b' }], () => null);
    payload.keepPasted(payload.model.getFullModelRange());
    expect(payload.raw).toBe('\ufeffb');
  });

  test('has colours for its brackets only while it is short', () => {
    const payload = payloadOf('[]');
    expect(fakeOf(payload).coloursBrackets).toBe(true);
    payload.replace('[{}]'.repeat(10_000));
    expect(fakeOf(payload).coloursBrackets).toBe(false);
    fakeOf(payload).undo();
    expect(fakeOf(payload).coloursBrackets).toBe(true);
  });

  test('has colours only while none of its lines is too long for them', () => {
    const payload = new PayloadModel('[]', 'json', 0, () => 'lf');
    const seen: string[] = [];
    payload.model.onDidChangeContent(() => seen.push(fakeOf(payload).language));
    payload.replace(`[\n${'1,'.repeat(20_000)}\n1]`);
    payload.replace(`[\n${'1,\n'.repeat(20_000)}\n1]`);
    fakeOf(payload).undo();
    fakeOf(payload).undo();
    expect(seen).toEqual(['plaintext', 'json', 'plaintext', 'json']);
    payload.language = 'xml';
    expect(fakeOf(payload).language).toBe('xml');
  });

  test.each([
    ['a word of 2 MB', 'a'.repeat(2_000_000)],
    ['150 000 empty lines', '\n'.repeat(150_000)],
  ])('is huge with %s before it is in the text, and no longer when it is gone', (_, text) => {
    const payload = payloadOf('first');
    const scales: [string, number][] = [];
    payload.onScale(() => scales.push([payload.scale, payload.raw.length]));
    payload.replace(text);
    fakeOf(payload).undo();
    expect(scales).toEqual([
      ['huge', 5],
      ['short', 5],
    ]);
  });

  test('is copied with its own line ends, and a line without a selection whole', () => {
    const payload = payloadOf('one\r\ntwo\rthree\n');
    expect(payload.rawIn([new monaco.Range(1, 2, 3, 3)] as never)).toBe('ne\r\ntwo\rth');
    expect(payload.rawIn([new monaco.Range(2, 2, 2, 2)] as never)).toBe('two\r');
  });
});

const linesOf = (text: string) => text.split(/\r\n|\r|\n/).length - 1;

/** A range in the text, from two numbers. */
function rangeAt(fake: Model, from: number, to: number) {
  const places = fake.text
    .split('\n')
    .flatMap((text, line) => Array.from({ length: text.length + 1 }, (_, at) => [line + 1, at + 1] as const));
  const [first, last] = [from % places.length, to % places.length].sort((a, b) => a - b) as [number, number];
  const [startLine, startColumn] = places[first] ?? [1, 1];
  const [endLine, endColumn] = places[last] ?? [1, 1];
  return new monaco.Range(startLine, startColumn, endLine, endColumn);
}
