import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clampTop,
  isDirect,
  maxScrollHeight,
  maxTop,
  moveByKey,
  offsetOfRow,
  revealRow,
  scrollHeight,
  scrollOfTop,
  topOfScroll,
  visibleRows,
} from '../../../../src/renderer/ui/virtual-list.tsx';

const metrics = fc.record({
  total: fc.oneof(fc.nat(1_000), fc.nat(20_000_000)),
  rowHeight: fc.constantFrom(18, 20, 24, 26),
  viewport: fc.integer({ min: 24, max: 2_000 }),
});
// Not `fc.double`: most doubles in that range are next to 0.
const share = fc.nat(1_000_000).map((part) => part / 1_000_000);

describe('virtual rows', () => {
  test('never make an element higher than a browser can hold', () => {
    fc.assert(
      fc.property(metrics, (all) => {
        expect(scrollHeight(all)).toBeLessThanOrEqual(maxScrollHeight);
      }),
    );
    expect(isDirect({ total: 10_000_000, rowHeight: 24, viewport: 600 })).toBe(false);
  });

  test('come back to the same place through the scroll bar', () => {
    fc.assert(
      fc.property(metrics, share, (all, part) => {
        const top = part * maxTop(all);
        expect(topOfScroll(all, scrollOfTop(all, top))).toBeCloseTo(top, 5);
      }),
    );
  });

  test('reach the first and the last row at the ends of the scroll bar', () => {
    fc.assert(
      fc.property(metrics, (all) => {
        expect(topOfScroll(all, 0)).toBe(0);
        expect(topOfScroll(all, scrollHeight(all) - all.viewport)).toBeCloseTo(maxTop(all), 5);
      }),
    );
  });

  test('cover the whole viewport, and draw a number that does not grow with the total', () => {
    fc.assert(
      fc.property(metrics, share, (all, part) => {
        const top = part * maxTop(all);
        const { first, count } = visibleRows(all, top, 5);
        expect(first).toBeLessThanOrEqual(Math.floor(top));
        expect(first + count).toBeGreaterThanOrEqual(
          Math.min(all.total, Math.ceil(top + all.viewport / all.rowHeight)),
        );
        expect(first + count).toBeLessThanOrEqual(all.total);
        expect(count).toBeLessThanOrEqual(Math.ceil(all.viewport / all.rowHeight) + 12);
      }),
    );
  });

  test('are drawn inside the content, each a row’s height below the one before', () => {
    fc.assert(
      fc.property(metrics, share, (all, part) => {
        const top = part * maxTop(all);
        const scrollTop = scrollOfTop(all, top);
        const row = Math.floor(top);
        const y = offsetOfRow(all, top, scrollTop, row);
        expect(y).toBeLessThanOrEqual(scrollTop + 0.001);
        expect(offsetOfRow(all, top, scrollTop, row + 1) - y).toBeCloseTo(all.rowHeight, 3);
      }),
    );
  });

  test('bring a row wholly into sight by the smallest movement', () => {
    fc.assert(
      fc.property(metrics, share, share, (all, part, target) => {
        fc.pre(all.total > 0 && all.viewport >= all.rowHeight);
        const top = part * maxTop(all);
        const row = Math.floor(target * (all.total - 1));
        const next = revealRow(all, top, row);
        expect(next).toBeLessThanOrEqual(row + 1e-6);
        expect(next + all.viewport / all.rowHeight).toBeGreaterThanOrEqual(row + 1 - 1e-6);
        expect(next).toBe(clampTop(all, next));
      }),
    );
    expect(revealRow({ total: 100, rowHeight: 20, viewport: 200 }, 5, 8)).toBe(5);
  });

  test('are walked by the keys of a table', () => {
    const all = { total: 100, rowHeight: 20, viewport: 200 };
    expect(moveByKey('ArrowDown', 4, all)).toBe(5);
    expect(moveByKey('ArrowUp', 0, all)).toBe(0);
    expect(moveByKey('ArrowUp', -1, all)).toBe(99);
    expect(moveByKey('PageDown', 4, all)).toBe(13);
    expect(moveByKey('PageUp', 4, all)).toBe(0);
    expect(moveByKey('Home', 50, all)).toBe(0);
    expect(moveByKey('End', 50, all)).toBe(99);
    expect(moveByKey('a', 50, all)).toBeUndefined();
    expect(moveByKey('constructor', 50, all)).toBeUndefined();
    expect(moveByKey('End', -1, { ...all, total: 0 })).toBeUndefined();
  });
});
