import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { VirtualList } from '../../../../src/renderer/ui/virtual-list.tsx';

const rowHeight = 20;
/** Rows that the list has room for, in part or whole: all elements are as high as the window. */
const inSight = Math.ceil(window.innerHeight / rowHeight);

const list = (total: number, more: { onRange?: (first: number, count: number) => void; reveal?: number } = {}) => (
  <VirtualList
    aria-label="Rows"
    role="list"
    total={total}
    rowHeight={rowHeight}
    renderRow={(index) => <span>row {index}</span>}
    {...more}
  />
);

const shown = () => screen.queryAllByText(/^row/).map(({ textContent }) => Number(textContent?.slice(4)));

test('a list has no more rows than are in sight, and a few more', () => {
  renderAlone(list(1_000_000));
  expect(shown().length).toBeGreaterThanOrEqual(inSight);
  expect(shown().length).toBeLessThan(inSight + 20);
  expect(shown()[0]).toBe(0);
});

test('a short list has all of its rows, and an empty one none', () => {
  const { rerender } = render(list(3));
  expect(shown()).toEqual([0, 1, 2]);
  rerender(list(0));
  expect(shown()).toEqual([]);
});

test('scrolling shows the rows that are there, and tells which', () => {
  const ranged = vi.fn();
  renderAlone(list(1_000, { onRange: ranged }));
  const scroller = screen.getByRole('list', { name: 'Rows' });
  scroller.scrollTop = 500 * rowHeight;
  fireEvent.scroll(scroller);
  expect(shown()).toContain(500);
  expect(shown()).not.toContain(0);
  const [first, count] = ranged.mock.lastCall ?? [];
  expect(shown()).toEqual(Array.from({ length: count }, (_, index) => first + index));
});

test('a row to reveal is scrolled to', () => {
  const { rerender } = render(list(1_000));
  const scroller = screen.getByRole('list', { name: 'Rows' });
  rerender(list(1_000, { reveal: 700 }));
  expect(scroller.scrollTop).toBe(701 * rowHeight - window.innerHeight);
  rerender(list(1_000, { reveal: 10 }));
  expect(scroller.scrollTop).toBe(10 * rowHeight);
});
