import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { previewText } from '#shared/bytes/text.ts';
import { cases, Reached } from '#support/cases.ts';
import { targetList, targetText, toggled } from '../../../../src/renderer/features/composer/target-picker.tsx';
import { asciiCells, hexCells, pageSize, pagesOf } from '../../../../src/renderer/features/inspector/hex-view.tsx';
import { bestFirst } from '../../../../src/renderer/features/palette/palette.tsx';
import { previewPieces } from '../../../../src/renderer/features/traffic/traffic-row.tsx';
import { placeBelow } from '../../../../src/renderer/ui/popover.tsx';
import { bytesText, countOf, countText, deltaText, momentText } from '../../../../src/renderer/ui/text.ts';
import { socketView } from '../fake-services.ts';

describe('figures', () => {
  test('of bytes have a unit that fits', () => {
    expect([0, 999, 1_000, 1_234_567, 999_950, 12_345_678_901].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '1.2 MB',
      '1.0 MB',
      '12.3 GB',
    ]);
  });

  test('of counts are grouped and have their number', () => {
    expect(countText(10_431).replace(/\s/g, '_')).toBe('10_431');
    expect([countOf(1, 'record'), countOf(0, 'record')]).toEqual(['1 record', '0 records']);
  });

  test('of time between records keep three digits that mean something, and are never below zero', () => {
    expect([0.2, 0, 12.4, 2_345, 123_456, -5].map(deltaText)).toEqual([
      '+0.20 ms',
      '+0',
      '+12 ms',
      '+2.3 s',
      '+123 s',
      '+0',
    ]);
  });

  test('of a moment go down to the microsecond', () => {
    expect(momentText(new Date(2026, 2, 4, 5, 6, 7).getTime() + 8.25)).toBe('2026-03-04 05:06:07.008250');
  });
});

describe('words in panes', () => {
  test('of a preview show control characters as escapes, apart from the text', () => {
    const pieces = previewPieces(previewText(new TextEncoder().encode('a\r\nb\u001b\u0000\u007f')));
    expect(pieces.map(({ escaped, shown }) => `${escaped ? '!' : ''}${shown}`)).toEqual([
      'a',
      '!\\r\\n',
      'b',
      '!\\x1b\\0\\x7f',
    ]);
  });

  test('of a preview tell what is not drawn from bytes that are no text', () => {
    const pieces = previewPieces(previewText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2, 0x80, 0xa8, 0x0a)));
    expect(pieces.map(({ escaped, shown }) => `${escaped ? '!' : ''}${shown}`)).toEqual([
      '!⟨U+FEFF⟩',
      'a\ufffd',
      '!⟨U+2028⟩\\n',
    ]);
  });

  test('of a preview leave out the indentation of a laid out document, and no other space', () => {
    const pieces = previewPieces(previewText(new TextEncoder().encode('{  "a": [\n      1\n  ]\n}')));
    expect(pieces.map(({ shown }) => shown).join('')).toBe('{  "a": [\\n 1\\n ]\\n}');
  });

  test('of a target name two of many, and list the others on demand', () => {
    const peers = [socketView(1, 'a'), socketView(2, 'a'), socketView(3, 'a')];
    const two = { kind: 'some', sockets: [1, 3] } as const;
    expect(targetText(peers, two)).toBe('to :50001 and :50003, 2 of 3 peers');
    expect(targetList(peers, two)).toBe('127.0.0.1:50001\n127.0.0.1:50003');
    const many = Array.from({ length: 30 }, (_, index) => socketView(index, 'a'));
    expect(targetList(many, { kind: 'all' }).split('\n')).toHaveLength(21);
  });

  test('of a target say to whom a message goes', () => {
    const peers = [socketView(1, 'a'), socketView(2, 'a')];
    expect(targetText([], { kind: 'all' })).toBe('no peers connected');
    expect(targetText(peers, { kind: 'all' })).toBe('to all 2 peers');
    expect(targetText(peers, { kind: 'some', sockets: [2] })).toBe('to 127.0.0.1:50002');
    expect(targetText(peers, { kind: 'some', sockets: [] })).toBe('to 0 of 2 peers');
    expect(toggled({ kind: 'all' }, peers, 1)).toEqual({ kind: 'some', sockets: [2] });
    expect(toggled({ kind: 'some', sockets: [2] }, peers, 1)).toEqual({ kind: 'some', sockets: [2, 1] });
  });

  test('of the palette are found by the letters of their words, the closest first', () => {
    const items = ['Save session', 'Open session', 'Show or hide the side bar', 'Send payload'].map((label) => ({
      label,
    }));
    const found = (query: string) => bestFirst(items, query).map(({ label }) => label);
    expect(found('')).toHaveLength(4);
    expect(found('save')[0]).toBe('Save session');
    expect(found('os')[0]).toBe('Open session');
    expect(found('side')[0]).toBe('Show or hide the side bar');
    expect(found('zz')).toEqual([]);
  });
});

describe('hex rows', () => {
  test('keep their columns under each other, however short the last row is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 16 }), (bytes) => {
        expect(hexCells(bytes, 16)).toHaveLength(hexCells(new Uint8Array(16), 16).length);
        expect(asciiCells(bytes)).toHaveLength(bytes.length);
      }),
    );
    expect(asciiCells(Uint8Array.of(0x41, 0x3c, 0x00, 0xff))).toBe('A<··');
  });

  test('ask for each page that they lie in, and for none behind the end', () => {
    const reached = new Reached<'inside' | 'behind the end' | 'several pages'>();
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 200 }), fc.nat(3_000_000), (first, count, length) => {
        const pages = pagesOf(first, count, 16, length);
        for (const page of pages) expect(page * pageSize).toBeLessThan(Math.max(length, 1));
        const isInside = first * 16 < length;
        reached.note(isInside ? 'inside' : 'behind the end');
        if (pages.length > 1) reached.note('several pages');
        if (isInside) expect(pages[0]).toBe(Math.floor((first * 16) / pageSize));
      }),
      cases(300),
    );
    reached.expectEach(['inside', 'behind the end'], 10);
  });
});

describe('a panel over the page', () => {
  test('stays inside the window, below its button or above it', () => {
    fc.assert(
      fc.property(fc.nat(1_200), fc.nat(760), fc.integer({ min: 10, max: 700 }), (left, top, height) => {
        const anchor = { left, right: left + 80, top, bottom: top + 28 };
        const view = { width: 1_280, height: 800 };
        const spot = placeBelow(anchor, { width: 300, height }, view, 'start');
        expect(spot.left).toBeGreaterThanOrEqual(8);
        expect(spot.left + 300).toBeLessThanOrEqual(view.width);
        expect(spot.top).toBeGreaterThanOrEqual(4);
        expect(spot.top + Math.min(height, spot.maxHeight)).toBeLessThanOrEqual(view.height);
      }),
    );
  });
});
