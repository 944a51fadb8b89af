import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import type { SocketInfo } from '#shared/record/record.ts';
import type { Lane, Statistics } from '#shared/statistics/statistics.ts';
import { classes } from '../../ui/classes.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText, countOf, countText } from '../../ui/figures.ts';
import { type LaneColumn, msText, sizeText, sortLanes } from './figures.ts';
import styles from './statistics.module.css';

/** A lane by its socket and direction. */
export type LaneKey = string;

export function laneKey({ socket, direction }: Pick<Lane, 'socket' | 'direction'>): LaneKey {
  return `${socket} ${direction}`;
}

const columns: readonly { readonly id: LaneColumn; readonly label: string; readonly title: string }[] = [
  { id: 'socket', label: 'Socket', title: 'Number, endpoint and peer' },
  { id: 'direction', label: 'Dir', title: 'Direction' },
  { id: 'messages', label: 'Messages', title: 'Messages' },
  { id: 'bytes', label: 'Bytes', title: 'Bytes, framing included' },
  { id: 'size', label: 'Size p50', title: 'Half of the messages are not larger' },
  { id: 'gap', label: 'Gap p50', title: 'Half of the messages came no later than this after the one before' },
  { id: 'gap99', label: 'Gap p99', title: '99 % of the messages came no later than this after the one before' },
];

interface LanesTableProps {
  readonly statistics: Statistics;
  /** The lane whose sizes and gaps are shown above. */
  readonly chosen: LaneKey | undefined;
  readonly onChoose: (lane: LaneKey | undefined) => void;
}

/** Each socket and direction in a line; one can be chosen, to see its sizes and gaps. */
export function LanesTable({ statistics, chosen, onChoose }: LanesTableProps) {
  const [order, setOrder] = useState<{ column: LaneColumn; descending: boolean }>({
    column: 'bytes',
    descending: true,
  });
  const infos = new Map(statistics.sockets.map((info) => [info.id, info]));
  const sort = (column: LaneColumn) =>
    setOrder((before) => ({
      column,
      descending: before.column === column ? !before.descending : column !== 'socket' && column !== 'direction',
    }));
  return (
    <>
      <table className={classes(styles.table, styles.lanes)}>
        <thead>
          <tr>
            {columns.map(({ id, label, title }) => (
              <th
                key={id}
                scope="col"
                aria-sort={order.column === id ? (order.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button type="button" className={styles.sort} title={title} onClick={() => sort(id)}>
                  {label}
                  {order.column === id ? <Direction descending={order.descending} /> : null}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sortLanes(statistics.lanes, order.column, order.descending).map((lane) => {
            const key = laneKey(lane);
            const isChosen = key === chosen;
            return (
              <LaneRow
                key={key}
                lane={lane}
                info={infos.get(lane.socket)}
                chosen={isChosen}
                onChoose={() => onChoose(isChosen ? undefined : key)}
              />
            );
          })}
        </tbody>
      </table>
      {statistics.moreLanes > 0 ? (
        <p className={styles.hint}>
          These are the busiest. {countOf(statistics.moreLanes, 'more lane')} had fewer bytes each.
        </p>
      ) : null}
      {statistics.untracked > 0 ? (
        <p className={styles.hint}>
          There are more sockets than can be told apart: {countOf(statistics.untracked, 'record')} of the later ones are
          only in the totals.
        </p>
      ) : null}
    </>
  );
}

function Direction({ descending }: { readonly descending: boolean }) {
  return descending ? <ArrowDown size={11} aria-hidden /> : <ArrowUp size={11} aria-hidden />;
}

interface LaneRowProps {
  readonly lane: Lane;
  readonly info: SocketInfo | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function LaneRow({ lane, info, chosen, onChoose }: LaneRowProps) {
  const { socket, direction, messages, bytes, sizes, gaps } = lane;
  const name = info ? shownText(`${info.name} ${info.peer || info.local}`) : '';
  return (
    <tr className={chosen ? styles.chosen : undefined}>
      <th scope="row">
        <button
          type="button"
          className={styles.lane}
          aria-pressed={chosen}
          aria-label={`Sizes and gaps of socket ${socket}, ${direction}`}
          title={chosen ? 'Show the sizes and gaps of all sockets' : 'Show the sizes and gaps of these messages'}
          onClick={onChoose}
        >
          <span className={styles.number}>{socket}</span> {name}
        </button>
      </th>
      <td className={styles[direction]}>{direction}</td>
      <td>{countText(messages)}</td>
      <td>{bytesText(bytes)}</td>
      <td>{sizeText(sizes.p50)}</td>
      <td>{gaps.count > 0 ? msText(gaps.p50) : '–'}</td>
      <td>{gaps.count > 0 ? msText(gaps.p99) : '–'}</td>
    </tr>
  );
}
