import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand/react';
import type { Row } from '#shared/record/record.ts';
import { toggleBookmark } from '../../client/mark-commands.ts';
import { useServices } from '../../client/use-services.ts';
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
import { type FilterCell, filterCells } from './row-filters.ts';
import { RowMenu, type RowMenuWish } from './row-menu.tsx';
import styles from './traffic-grid.module.css';
import { TrafficRow } from './traffic-row.tsx';
import { rowHeight } from './traffic-state.ts';
import type { TrafficView } from './traffic-view.ts';

const columns = [
  { id: 'star', label: '', right: false },
  { id: 'seq', label: '#', right: true },
  { id: 'time', label: 'Time', right: true },
  { id: 'delta', label: 'Δ', right: true },
  { id: 'peer', label: 'Endpoint and peer', right: false },
  { id: 'dir', label: 'Dir', right: false },
  { id: 'length', label: 'Len', right: true },
  { id: 'message', label: 'Message', right: false },
] as const;

const overscan = 6;

/** The number's column is as wide as the greatest number, so that the message gets what it does not need. */
function digits(total: number): CSSProperties {
  const style: CSSProperties & Record<'--digits', number> = { '--digits': Math.max(3, countText(total).length) };
  return style;
}

interface TrafficGridProps {
  readonly tab: string;
  readonly view: TrafficView;
  readonly stream: boolean;
  /** Records to be marked as matches of what is being looked for. */
  readonly found: ReadonlySet<number>;
}

const cells: readonly string[] = filterCells;
const isFilterCell = (name: string | undefined): name is FilterCell => name !== undefined && cells.includes(name);

/** Rows of one height, of which only those in sight exist; see `virtual-rows.ts` for the arithmetic. */
export function TrafficGrid({ tab, view, stream, found }: TrafficGridProps) {
  const services = useServices();
  const state = useStore(view.store);
  const { count: total, top, viewport, rows, selectedAt, selectedShown } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const expected = useRef(0);
  const [menu, setMenu] = useState<RowMenuWish>();
  const bookmark = useCallback(
    (row: Row) => void toggleBookmark(services, view.session, row),
    [services, view.session],
  );
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
      const { count: all, top: at, viewport: height } = view.store.getState();
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
    // A view that has grown at its end is moved by the browser, and that may be told before the new height is.
    if (element.clientHeight !== view.store.getState().viewport) view.setViewport(element.clientHeight);
    else view.scrollTo(topOfScroll(metrics, element.scrollTop));
  };

  const chosen = selectedShown ? selectedAt : -1;
  // A record that the filter hides lies before the row where it would stand.
  const fromKey = (key: string) => (selectedShown || key !== 'ArrowDown' ? selectedAt : selectedAt - 1);

  const openMenu = (grid: HTMLElement, pointer: { x: number; y: number; target: Element } | undefined) => {
    const at = Number(pointer?.target.closest<HTMLElement>('[data-at]')?.dataset.at ?? chosen);
    const row = rows.get(at);
    const box = pointer ? undefined : grid.querySelector(`#row-${at}`)?.getBoundingClientRect();
    if (!row || !(pointer || box)) return;
    view.select(at);
    const name = pointer?.target.closest<HTMLElement>('[data-cell]')?.dataset.cell;
    setMenu({
      row,
      info: state.sockets.get(row.socket),
      startAt: state.startAt ?? row.at,
      cell: isFilterCell(name) ? name : undefined,
      x: pointer?.x ?? (box?.left ?? 0) + 120,
      y: pointer?.y ?? box?.bottom ?? 0,
    });
  };

  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    event.preventDefault();
    const { clientX: x, clientY: y, target } = event;
    if (target instanceof Element) openMenu(event.currentTarget, { x, y, target });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      openMenu(event.currentTarget, undefined);
      event.preventDefault();
      return;
    }
    const to = moveByKey(event.key, fromKey(event.key), metrics);
    if (to === undefined) return;
    event.preventDefault();
    view.select(to);
    if (event.key === 'End') view.resume();
  };

  const drawn = [];
  for (let at = first; at < first + count; at += 1) {
    const row = rows.get(at);
    drawn.push(
      <TrafficRow
        // The element is used again for another row: at full speed none is made or thrown away.
        key={at % (count + 1)}
        at={at}
        row={row}
        before={rows.get(at - 1)?.at}
        startAt={state.startAt}
        info={row ? state.sockets.get(row.socket) : undefined}
        selected={at === chosen}
        stream={stream}
        y={Math.round(offsetOfRow(metrics, top, scrollTop, at))}
        found={row !== undefined && found.has(row.seq)}
        onSelect={view}
        onBookmark={bookmark}
      />,
    );
  }

  return (
    <div
      role="grid"
      aria-label="Traffic"
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={chosen >= first && chosen < first + count ? `row-${chosen}` : undefined}
      aria-readonly
      data-focus="traffic"
      tabIndex={0}
      className={classes(styles.grid, stream && styles.stream)}
      style={digits(state.total)}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
    >
      <div role="row" aria-rowindex={1} tabIndex={-1} className={styles.head}>
        {columns.map((column) => (
          <span
            key={column.id}
            role="columnheader"
            tabIndex={-1}
            aria-label={column.id === 'star' ? 'Bookmark' : undefined}
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
      {menu ? <RowMenu tab={tab} session={view.session} wish={menu} onClose={() => setMenu(undefined)} /> : null}
    </div>
  );
}
