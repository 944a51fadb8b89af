import { type CSSProperties, type KeyboardEvent, type MouseEvent, useCallback, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { type ActionContext, contextOf, type FilterCell, filterCells, listed } from '../../state/action.ts';
import { toggleBookmark } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { ContextMenu } from '../../ui/popover.tsx';
import { classes, countText } from '../../ui/text.ts';
import { moveByKey, offsetOfRow, scrollHeight, scrollOfTop, visibleRows } from '../../ui/virtual-list.tsx';
import { rowActions } from './row-actions.ts';
import { strings } from './strings.ts';
import styles from './traffic-grid.module.css';
import { TrafficRow } from './traffic-row.tsx';
import { rowHeight, type TrafficState } from './traffic-state.ts';
import type { TrafficView } from './traffic-view.ts';
import { useGridScroll } from './use-traffic.ts';

const texts = strings.grid;
const columns = [
  { id: 'star', label: '', right: false },
  { id: 'seq', label: texts.number, right: true },
  { id: 'time', label: texts.time, right: true },
  { id: 'delta', label: texts.delta, right: true },
  { id: 'peer', label: texts.peer, right: false },
  { id: 'dir', label: texts.direction, right: false },
  { id: 'length', label: texts.length, right: true },
  { id: 'message', label: texts.message, right: false },
] as const;

const overscan = 6;

/** The column of record numbers is as wide as the greatest number, so that the message gets the remaining width. */
function digits(total: number): CSSProperties {
  const style: CSSProperties & Record<'--digits', number> = { '--digits': Math.max(3, countText(total).length) };
  return style;
}

interface TrafficGridProps {
  readonly view: TrafficView;
  readonly stream: boolean;
  /** Numbers of the records to mark as matches. */
  readonly found: ReadonlySet<number>;
}

const cells: readonly string[] = filterCells;
const isFilterCell = (name: string | undefined): name is FilterCell => name !== undefined && cells.includes(name);

/** A table of rows of equal height that renders only the visible ones; `virtual-list.tsx` has the arithmetic. */
export function TrafficGrid({ view, stream, found }: TrafficGridProps) {
  const state = useStore(view.store);
  const { count: total, top, viewport, selectedAt, selectedShown } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<RowMenuTarget>();
  const metrics = { total, rowHeight, viewport };
  const scrollTop = scrollOfTop(metrics, top);
  const { first, count } = visibleRows(metrics, top, overscan);
  const onScroll = useGridScroll(scroller, view, metrics, scrollTop);
  const selected = selectedShown ? selectedAt : -1;

  const openMenu = (grid: HTMLElement, pointer?: Pointer) => {
    const opened = menuTarget(grid, state, selected, pointer);
    if (!opened) return;
    view.select(opened.at);
    setMenu(opened.target);
  };

  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    event.preventDefault();
    const { clientX: x, clientY: y, target } = event;
    if (target instanceof Element) openMenu(event.currentTarget, { x, y, target });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      openMenu(event.currentTarget);
      event.preventDefault();
      return;
    }
    // If the filter hides the selected record, `selectedAt` is the row after it.
    const from = selectedShown || event.key !== 'ArrowDown' ? selectedAt : selectedAt - 1;
    const to = moveByKey(event.key, from, metrics);
    if (to === undefined) return;
    event.preventDefault();
    view.select(to);
    if (event.key === 'End') view.resume();
  };

  return (
    <div
      role="grid"
      aria-label={texts.label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selected >= first && selected < first + count ? `row-${selected}` : undefined}
      aria-readonly
      data-focus="traffic"
      tabIndex={0}
      className={classes(styles.grid, stream && styles.stream)}
      style={digits(state.total)}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
    >
      <Head />
      <div ref={scroller} className={styles.scroller} onScroll={onScroll} tabIndex={-1} role="presentation">
        <div className={styles.content} style={{ height: scrollHeight(metrics) }} role="rowgroup">
          <Rows view={view} first={first} count={count} selected={selected} stream={stream} found={found} />
        </div>
      </div>
      {menu ? <RowMenu session={view.session} target={menu} onClose={() => setMenu(undefined)} /> : null}
    </div>
  );
}

function Head() {
  return (
    <div role="row" aria-rowindex={1} tabIndex={-1} className={styles.head}>
      {columns.map(({ id, label, right }) => (
        <span
          key={id}
          role="columnheader"
          tabIndex={-1}
          aria-label={id === 'star' ? texts.bookmark : undefined}
          className={classes(styles[id], right && styles.right)}
        >
          {label}
        </span>
      ))}
    </div>
  );
}

interface RowsProps extends Pick<TrafficGridProps, 'view' | 'stream' | 'found'> {
  readonly first: number;
  readonly count: number;
  readonly selected: number;
}

function Rows({ view, first, count, selected, stream, found }: RowsProps) {
  const services = useServices();
  const state = useStore(view.store);
  const { rows, top, viewport, startAt } = state;
  const bookmark = useCallback(
    (row: Row) => void toggleBookmark(services, view.session, row),
    [services, view.session],
  );
  const metrics = { total: state.count, rowHeight, viewport };
  const scrollTop = scrollOfTop(metrics, top);
  return Array.from({ length: count }, (_, index) => {
    const at = first + index;
    const row = rows.get(at);
    return (
      <TrafficRow
        // Elements are reused for other rows, so that fast scrolling neither creates nor removes any.
        key={at % (count + 1)}
        at={at}
        row={row}
        before={rows.get(at - 1)?.at}
        startAt={startAt}
        info={row ? state.sockets.get(row.socket) : undefined}
        selected={at === selected}
        stream={stream}
        y={Math.round(offsetOfRow(metrics, top, scrollTop, at))}
        found={row !== undefined && found.has(row.seq)}
        onSelect={view}
        onBookmark={bookmark}
      />
    );
  });
}

interface Pointer {
  readonly x: number;
  readonly y: number;
  readonly target: Element;
}

/** Returns the row and the position of a context menu: at the pointer or, without one, at the selected row. */
function menuTarget(
  grid: HTMLElement,
  { rows, sockets, startAt }: TrafficState,
  selected: number,
  pointer: Pointer | undefined,
): { readonly at: number; readonly target: RowMenuTarget } | undefined {
  const at = Number(pointer?.target.closest<HTMLElement>('[data-at]')?.dataset.at ?? selected);
  const row = rows.get(at);
  const box = pointer ? undefined : grid.querySelector(`#row-${at}`)?.getBoundingClientRect();
  if (!row || !(pointer || box)) return undefined;
  const name = pointer?.target.closest<HTMLElement>('[data-cell]')?.dataset.cell;
  const target = {
    row,
    info: sockets.get(row.socket),
    startAt: startAt ?? row.at,
    cell: isFilterCell(name) ? name : undefined,
    x: pointer?.x ?? (box?.left ?? 0) + 120,
    y: pointer?.y ?? box?.bottom ?? 0,
  };
  return { at, target };
}

/** The row and the position of its context menu. */
interface RowMenuTarget extends NonNullable<ActionContext['place']> {
  readonly row: Row;
  readonly info: SocketInfo | undefined;
  readonly x: number;
  readonly y: number;
}

interface RowMenuProps {
  readonly session: string;
  readonly target: RowMenuTarget;
  readonly onClose: () => void;
}

/** The context menu of a record. */
function RowMenu({ session, target, onClose }: RowMenuProps) {
  const { row, info, cell, startAt, x, y } = target;
  const context = { ...contextOf(useServices()), record: { session, row, info }, place: { cell, startAt } };
  const items = listed(rowActions, context);
  return <ContextMenu label={strings.rowMenu.label(row.seq)} items={items} x={x} y={y} onClose={onClose} />;
}
