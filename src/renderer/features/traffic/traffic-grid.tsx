import { type CSSProperties, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand/react';
import { classes } from '../../ui/classes.ts';
import { countText } from '../../ui/figures.ts';
import {
  isDirect,
  moveByKey,
  offsetOfRow,
  scrollHeight,
  scrollOfTop,
  topOfScroll,
  visibleRows,
} from '../../ui/virtual-rows.ts';
import styles from './traffic-grid.module.css';
import { TrafficRow } from './traffic-row.tsx';
import { rowHeight, type TrafficView } from './traffic-view.ts';

const columns = [
  { id: 'seq', label: '#', right: true },
  { id: 'time', label: 'Time', right: true },
  { id: 'delta', label: 'Δ', right: true },
  { id: 'peer', label: 'Endpoint and peer', right: false },
  { id: 'dir', label: 'Dir', right: false },
  { id: 'length', label: 'Len', right: true },
  { id: 'message', label: 'Message', right: false },
] as const;

const overscan = 6;

/** The first column is as wide as its greatest number, so that the message gets what it does not need. */
function digits(total: number): CSSProperties {
  const style: CSSProperties & Record<'--digits', number> = { '--digits': Math.max(3, countText(total).length) };
  return style;
}

/** Rows of one height, of which only those in sight exist; see `virtual-rows.ts` for the arithmetic. */
export function TrafficGrid({ view, stream }: { readonly view: TrafficView; readonly stream: boolean }) {
  const state = useStore(view.store);
  const { total, top, viewport, rows, selected } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const expected = useRef(0);
  const metrics = { total, rowHeight, viewport };
  const scrollTop = scrollOfTop(metrics, top);
  const { first, count } = visibleRows(metrics, top, overscan);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => view.setViewport(element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [view]);

  // The store decides where the view stands; the scroll bar is told, and what it then reports is no wish of the user's.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (Math.abs(element.scrollTop - scrollTop) > 0.75) element.scrollTop = scrollTop;
    expected.current = element.scrollTop;
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      const { total: all, top: at, viewport: height } = view.store.getState();
      if (event.deltaY < 0) view.stopFollowing();
      if (isDirect({ total: all, rowHeight, viewport: height })) return;
      // The scroll bar is too coarse here: a notch of the wheel would be thousands of rows.
      event.preventDefault();
      view.scrollTo(at + event.deltaY / rowHeight);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [view]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element || Math.abs(element.scrollTop - expected.current) <= 0.75) return;
    expected.current = element.scrollTop;
    view.scrollTo(topOfScroll(metrics, element.scrollTop));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moveByKey(event.key, selected, metrics);
    if (to === undefined) return;
    event.preventDefault();
    view.select(to);
    if (event.key === 'End') view.resume();
  };

  const drawn = [];
  for (let seq = first; seq < first + count; seq += 1) {
    drawn.push(
      <TrafficRow
        // The element is used again for another row: at full speed none is made or thrown away.
        key={seq % (count + 1)}
        seq={seq}
        row={rows.get(seq)}
        before={rows.get(seq - 1)?.at}
        startAt={state.startAt}
        info={state.sockets.get(rows.get(seq)?.socket ?? 0)}
        selected={seq === selected}
        stream={stream}
        y={Math.round(offsetOfRow(metrics, top, scrollTop, seq))}
        onSelect={view}
      />,
    );
  }

  return (
    <div
      role="grid"
      aria-label="Traffic"
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selected >= first && selected < first + count ? `record-${selected}` : undefined}
      aria-readonly
      data-focus="traffic"
      tabIndex={0}
      className={classes(styles.grid, stream && styles.stream)}
      style={digits(total)}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} tabIndex={-1} className={styles.head}>
        {columns.map((column) => (
          <span
            key={column.id}
            role="columnheader"
            tabIndex={-1}
            className={classes(styles[column.id], column.right && styles.right)}
          >
            {column.label}
          </span>
        ))}
      </div>
      <div ref={scroller} className={styles.scroller} onScroll={onScroll} tabIndex={-1} role="presentation">
        <div className={styles.content} style={{ height: scrollHeight(metrics) }} role="rowgroup">
          {drawn}
        </div>
      </div>
    </div>
  );
}
