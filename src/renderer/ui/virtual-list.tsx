import { type HTMLAttributes, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { classes } from './classes.ts';
import styles from './virtual-list.module.css';
import { offsetOfRow, revealRow, scrollHeight, scrollOfTop, topOfScroll, visibleRows } from './virtual-rows.ts';

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
