import { type HTMLAttributes, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import styles from './lists.module.css';
import { classes } from './text.ts';

/**
 * The geometry of a list of rows of equal height that renders only the visible rows. Browsers limit the height of an element
 * (about 33 million pixels in Chromium, 18 in Firefox), so above `maxScrollHeight` the scroll bar shows the position in proportion,
 * not in pixels. The position itself is `top`: the row at the upper edge, with a fraction. All lengths in pixels.
 */
export interface RowMetrics {
  readonly total: number;
  readonly rowHeight: number;
  /** The height of the visible part. */
  readonly viewport: number;
}

export const maxScrollHeight = 12_000_000;

/** Returns the height of the scrolled content. */
export function scrollHeight({ total, rowHeight }: RowMetrics): number {
  return Math.min(total * rowHeight, maxScrollHeight);
}

/** Returns true if one pixel of scrolling is one pixel of rows. */
export function isDirect({ total, rowHeight }: RowMetrics): boolean {
  return total * rowHeight <= maxScrollHeight;
}

/** Returns the maximum `top`, at which the last row ends at the lower edge. */
export function maxTop({ total, rowHeight, viewport }: RowMetrics): number {
  return Math.max(0, total - viewport / rowHeight);
}

export function clampTop(metrics: RowMetrics, top: number): number {
  return Math.min(Math.max(0, top), maxTop(metrics));
}

/** Returns the `scrollTop` for a `top`; the inverse of `topOfScroll`. */
export function scrollOfTop(metrics: RowMetrics, top: number): number {
  if (isDirect(metrics)) return clampTop(metrics, top) * metrics.rowHeight;
  const range = scrollHeight(metrics) - metrics.viewport;
  const last = maxTop(metrics);
  return last === 0 ? 0 : (clampTop(metrics, top) / last) * range;
}

/** Returns the `top` for a position of the scroll bar. */
export function topOfScroll(metrics: RowMetrics, scrollTop: number): number {
  if (isDirect(metrics)) return clampTop(metrics, scrollTop / metrics.rowHeight);
  const range = scrollHeight(metrics) - metrics.viewport;
  return clampTop(metrics, range <= 0 ? 0 : (scrollTop / range) * maxTop(metrics));
}

/** Returns the rows to render, `[first, first + count)`: the visible ones and `overscan` more on each side. */
export function visibleRows(metrics: RowMetrics, top: number, overscan: number): { first: number; count: number } {
  const from = clampTop(metrics, top);
  const first = Math.max(0, Math.floor(from) - overscan);
  const end = Math.min(metrics.total, Math.ceil(from + metrics.viewport / metrics.rowHeight) + overscan);
  return { first, count: Math.max(0, end - first) };
}

/** Returns the offset of row `index` in the content. */
export function offsetOfRow(metrics: RowMetrics, top: number, scrollTop: number, index: number): number {
  return scrollTop + (index - top) * metrics.rowHeight;
}

/** Returns the nearest `top` at which row `index` is completely visible. */
export function revealRow(metrics: RowMetrics, top: number, index: number): number {
  const rows = metrics.viewport / metrics.rowHeight;
  if (index < top) return clampTop(metrics, index);
  if (index + 1 > top + rows) return clampTop(metrics, index + 1 - rows);
  return clampTop(metrics, top);
}

/** Returns the row that a key moves to from row `from` (−1: no row), or `undefined` for other keys. */
export function moveByKey(key: string, from: number, metrics: RowMetrics): number | undefined {
  const page = Math.max(1, Math.floor(metrics.viewport / metrics.rowHeight) - 1);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from < 0 ? metrics.total - 1 : from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: metrics.total - 1,
  };
  const to = Object.hasOwn(targets, key) ? targets[key] : undefined;
  if (to === undefined || metrics.total === 0) return undefined;
  return Math.min(Math.max(0, to), metrics.total - 1);
}

interface VirtualListProps extends Omit<HTMLAttributes<HTMLDivElement>, 'children' | 'onScroll'> {
  readonly total: number;
  readonly rowHeight: number;
  readonly renderRow: (index: number) => ReactNode;
  /** Called with the range of visible rows, plus some more, to fetch. */
  readonly onRange?: (first: number, count: number) => void;
  /** Allows rows wider than the list, with horizontal scrolling. */
  readonly wide?: boolean;
  /** A row to scroll into view when it changes. */
  readonly reveal?: number | undefined;
}

const overscan = 8;

/** A list of any length that renders only the visible rows. */
export function VirtualList({
  total,
  rowHeight,
  renderRow,
  onRange,
  wide = false,
  reveal,
  className,
  ...rest
}: VirtualListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(0);
  const [scrollTop, setScrollTop] = useState(0);
  const metrics = { total, rowHeight, viewport };
  const top = topOfScroll(metrics, scrollTop);
  const { first, count } = visibleRows(metrics, top, overscan);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setViewport(element.clientHeight));
    observer.observe(element);
    setViewport(element.clientHeight);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (count > 0) onRange?.(first, count);
  }, [first, count, onRange]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || reveal === undefined || viewport === 0) return;
    const measured = { total, rowHeight, viewport };
    element.scrollTop = scrollOfTop(measured, revealRow(measured, topOfScroll(measured, element.scrollTop), reveal));
  }, [reveal, total, rowHeight, viewport]);

  const rows = [];
  for (let index = first; index < first + count; index += 1) {
    const y = Math.round(offsetOfRow(metrics, top, scrollTop, index));
    rows.push(
      <div
        key={index}
        className={classes(styles.row, wide && styles.wide)}
        style={{ height: rowHeight, transform: `translateY(${y}px)` }}
      >
        {renderRow(index)}
      </div>,
    );
  }
  return (
    <div
      ref={scroller}
      className={classes(styles.scroller, className)}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      {...rest}
    >
      <div className={styles.content} style={{ height: scrollHeight(metrics) }}>
        {rows}
      </div>
    </div>
  );
}
