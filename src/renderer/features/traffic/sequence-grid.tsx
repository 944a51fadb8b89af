import { type KeyboardEvent, type MouseEvent, useMemo, useRef } from 'react';
import { useStore } from 'zustand/react';
import type { Row } from '#shared/record/record.ts';
import { drawSequence, headingOf } from '#shared/sequence/drawing.ts';
import { layoutOf } from '#shared/sequence/layout.ts';
import { inOrder, type OrderedRows } from '#shared/sequence/order.ts';
import type { PlacedRow } from '#shared/sequence/picture.ts';
import { placeSockets, type SequencePlaces } from '#shared/sequence/places.ts';
import { sourcesAt } from '#shared/sequence/source.ts';
import { classes, secondsText, shownText } from '../../ui/text.ts';
import { moveByKey, offsetOfRow, scrollHeight, scrollOfTop, visibleRows } from '../../ui/virtual-list.tsx';
import styles from './sequence.module.css';
import { SequencePicture } from './sequence-picture.tsx';
import { SequenceSource } from './sequence-source.tsx';
import { strings } from './strings.ts';
import { rowHeight, type TrafficState } from './traffic-state.ts';
import type { TrafficView } from './traffic-view.ts';
import { useGridScroll } from './use-traffic.ts';

const texts = strings.sequence;
/** Rows drawn beyond each edge, and rows that the layout looks at beyond those, for what begins or ends there. */
const overscan = 6;
const margin = 120;

/** The records as a sequence: a lifeline for each socket, calls as boxes, bytes as arrows. One row is one record, as in the table. */
export function SequenceGrid({ view }: { readonly view: TrafficView }) {
  const state = useStore(view.store);
  const { count: total, top, viewport, selectedShown } = state;
  const scroller = useRef<HTMLDivElement>(null);
  const heads = useRef<HTMLDivElement>(null);
  const metrics = { total, rowHeight, viewport };
  const scrollTop = scrollOfTop(metrics, top);
  const { first, count } = visibleRows(metrics, top, overscan);
  const onScroll = useGridScroll(scroller, view, metrics, scrollTop);
  const sockets = useSequenceSockets(state);
  const order = useMemo(() => inOrder(state.rows, sockets.infos), [state.rows, sockets]);
  const { rows } = order;
  const selectedAt = order.placeOf.get(state.selectedAt) ?? state.selectedAt;
  const selected = selectedShown ? selectedAt : -1;
  const select = (place: number) => view.select(order.indexAt.get(place) ?? place);
  const { shapes, sources } = usePicture(rows, total, sockets, { first, count, selected });
  const y = Math.round(offsetOfRow(metrics, top, scrollTop, first));

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = selectedShown || event.key !== 'ArrowDown' ? selectedAt : selectedAt - 1;
    const to = moveByKey(event.key, from, metrics);
    if (to === undefined) return;
    event.preventDefault();
    select(to);
    if (event.key === 'End') view.resume();
  };
  const onClick = ({ target }: MouseEvent<HTMLElement>) => {
    const at = target instanceof Element ? target.closest<HTMLElement>('[data-at]')?.dataset.at : undefined;
    if (at !== undefined && rows.has(Number(at))) select(Number(at));
  };

  return (
    <div
      role="grid"
      aria-label={texts.label}
      aria-rowcount={total}
      aria-colcount={2}
      aria-activedescendant={selected >= first && selected < first + count ? `row-${selected}` : undefined}
      aria-readonly
      data-focus="traffic"
      tabIndex={0}
      className={styles.sequence}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div className={styles.heads} aria-hidden>
        <div ref={heads} className={styles.headsInner}>
          <Heads places={sockets.places} />
        </div>
      </div>
      <div
        ref={scroller}
        className={styles.scroller}
        tabIndex={-1}
        role="presentation"
        onScroll={({ currentTarget }) => {
          if (heads.current) heads.current.style.transform = `translateX(${-currentTarget.scrollLeft}px)`;
          onScroll();
        }}
      >
        <div
          className={styles.content}
          style={{ height: scrollHeight(metrics), width: sockets.places.width }}
          role="rowgroup"
        >
          <Rows state={state} order={order} first={first} count={count} selected={selected} y={y} />
          <SequencePicture shapes={shapes} width={sockets.places.width} height={count * rowHeight} y={y} />
        </div>
      </div>
      <SequenceSource sources={sources} />
    </div>
  );
}

interface InSight {
  readonly first: number;
  readonly count: number;
  readonly selected: number;
}

/** Returns what to draw of the rows in sight, and the source lines of the selected one. Computed again only when these change. */
function usePicture(
  rows: ReadonlyMap<number, Row>,
  total: number,
  sockets: PlacedSockets,
  { first, count, selected }: InSight,
) {
  const near = useMemo(() => rowsNear(rows, first - margin, first + count + margin), [rows, first, count]);
  const layout = useMemo(() => layoutOf(near, sockets), [near, sockets]);
  const shapes = useMemo(
    () => drawSequence({ layout, rows, places: sockets.places, first, end: Math.min(first + count, total) }),
    [layout, rows, sockets, first, count, total],
  );
  const sources = useMemo(
    () => (selected < 0 ? [] : sourcesAt({ layout, rows, sockets, at: selected })),
    [layout, rows, sockets, selected],
  );
  return { shapes, sources };
}

type PlacedSockets = ReturnType<typeof placeSockets>;

/** Returns the sockets of the fetched rows, with those that the user has to see beside them, and where their lifelines are. */
function useSequenceSockets({ rows, sockets }: TrafficState) {
  const used = useMemo(() => {
    const ids = new Set<number>();
    for (const { socket, event } of rows.values()) {
      ids.add(socket);
      if (event?.kind === 'accepted') ids.add(event.listener);
    }
    return [...ids].sort((one, two) => one - two).join(' ');
  }, [rows]);
  return useMemo(() => {
    const ids = new Set(used.split(' ').map(Number));
    return placeSockets([...sockets.values()].filter(({ id }) => ids.has(id)));
  }, [used, sockets]);
}

function rowsNear(rows: ReadonlyMap<number, Row>, from: number, to: number): readonly PlacedRow[] {
  const near: PlacedRow[] = [];
  for (const [at, row] of rows) if (at >= from && at < to) near.push({ at, row });
  return near.sort((one, two) => one.at - two.at);
}

function Heads({ places }: { readonly places: SequencePlaces }) {
  return [...places.lifelines.values()].map(({ lifeline, x, isLeft }) => {
    const [owner, title] = headingOf(lifeline);
    return (
      <div
        key={lifeline.socket}
        className={classes(styles.head, isLeft && styles.headLeft)}
        style={{ left: x + (isLeft ? 6 : -6) }}
      >
        <strong>{shownText(owner)}</strong>
        <span>{shownText(title)}</span>
      </div>
    );
  });
}

interface RowsProps {
  readonly state: TrafficState;
  readonly order: OrderedRows;
  readonly first: number;
  readonly count: number;
  readonly selected: number;
  readonly y: number;
}

function Rows({ state, order: { rows, times }, first, count, selected, y }: RowsProps) {
  const { sockets, startAt } = state;
  return Array.from({ length: count }, (_, index) => {
    const at = first + index;
    const row = rows.get(at);
    const info = row && sockets.get(row.socket);
    const isSelected = at === selected;
    return (
      <div
        key={at % (count + 1)}
        id={`row-${at}`}
        role="row"
        tabIndex={-1}
        aria-rowindex={at + 1}
        aria-selected={isSelected}
        data-at={at}
        className={classes(styles.row, isSelected && styles.selected)}
        style={{ transform: `translateY(${y + index * rowHeight}px)` }}
      >
        {row ? (
          <span
            role="gridcell"
            tabIndex={-1}
            className={styles.gutter}
            aria-label={texts.row(row, info?.program ?? info?.name ?? '')}
          >
            <span className={styles.number}>{row.seq}</span>
            <span>{secondsText(Math.max(0, (times.get(at) ?? row.at) - (startAt ?? row.at)))}</span>
          </span>
        ) : null}
      </div>
    );
  });
}
