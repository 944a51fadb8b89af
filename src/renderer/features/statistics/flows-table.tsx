import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import type { SocketInfo } from '#shared/record/record.ts';
import type { Flow, Statistics } from '#shared/statistics/statistics.ts';
import { classes } from '../../ui/classes.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText, countOf, countText } from '../../ui/figures.ts';
import { type FlowColumn, msText, sizeText, sortFlows } from './figures.ts';
import styles from './statistics.module.css';

/** A flow by its socket and direction. */
export type FlowKey = string;

export function flowKey({ socket, direction }: Pick<Flow, 'socket' | 'direction'>): FlowKey {
  return `${socket} ${direction}`;
}

const columns: readonly { readonly id: FlowColumn; readonly label: string; readonly title: string }[] = [
  { id: 'socket', label: 'Socket', title: 'Number, endpoint and peer' },
  { id: 'direction', label: 'Dir', title: 'Direction' },
  { id: 'messages', label: 'Messages', title: 'Messages' },
  { id: 'bytes', label: 'Bytes', title: 'Bytes, framing included' },
  { id: 'size', label: 'Size p50', title: 'Half of the messages are not larger' },
  { id: 'gap', label: 'Gap p50', title: 'Half of the messages came no later than this after the one before' },
  { id: 'gap99', label: 'Gap p99', title: '99 % of the messages came no later than this after the one before' },
];

interface FlowsTableProps {
  readonly statistics: Statistics;
  /** The flow whose sizes and gaps are shown above. */
  readonly chosen: FlowKey | undefined;
  readonly onChoose: (flow: FlowKey | undefined) => void;
}

/** Each socket and direction in a line; one can be chosen, to see its sizes and gaps. */
export function FlowsTable({ statistics, chosen, onChoose }: FlowsTableProps) {
  const [order, setOrder] = useState<{ column: FlowColumn; descending: boolean }>({
    column: 'bytes',
    descending: true,
  });
  const infos = new Map(statistics.sockets.map((info) => [info.id, info]));
  const sort = (column: FlowColumn) =>
    setOrder((before) => ({
      column,
      descending: before.column === column ? !before.descending : column !== 'socket' && column !== 'direction',
    }));
  return (
    <>
      <table className={classes(styles.table, styles.flows)}>
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
          {sortFlows(statistics.flows, order.column, order.descending).map((flow) => {
            const key = flowKey(flow);
            const isChosen = key === chosen;
            return (
              <FlowRow
                key={key}
                flow={flow}
                info={infos.get(flow.socket)}
                chosen={isChosen}
                onChoose={() => onChoose(isChosen ? undefined : key)}
              />
            );
          })}
        </tbody>
      </table>
      {statistics.moreFlows > 0 ? (
        <p className={styles.hint}>
          These are the busiest. {countOf(statistics.moreFlows, 'more flow')} had fewer bytes each.
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

interface FlowRowProps {
  readonly flow: Flow;
  readonly info: SocketInfo | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function FlowRow({ flow, info, chosen, onChoose }: FlowRowProps) {
  const { socket, direction, messages, bytes, sizes, gaps } = flow;
  const name = info ? shownText(`${info.name} ${info.peer || info.local}`) : '';
  return (
    <tr className={chosen ? styles.chosen : undefined}>
      <th scope="row">
        <button
          type="button"
          className={styles.flow}
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
