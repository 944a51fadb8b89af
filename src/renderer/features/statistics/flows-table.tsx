import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import type { SocketInfo } from '#shared/record/record.ts';
import type { Flow, Statistics } from '#shared/statistics/statistics.ts';
import { bytesText, classes, countText, shownText } from '../../ui/text.ts';
import { type FlowColumn, msText, sizeText, sortFlows } from './figures.ts';
import styles from './statistics.module.css';
import { strings } from './strings.ts';
import tables from './tables.module.css';

/** Identifies a flow by its socket and direction. */
export type FlowKey = string;

/** Returns the key of a flow. */
export function flowKey({ socket, direction }: Pick<Flow, 'socket' | 'direction'>): FlowKey {
  return `${socket} ${direction}`;
}

const texts = strings.flows;
const columns: readonly { readonly id: FlowColumn; readonly label: string; readonly title: string }[] = [
  { id: 'socket', label: texts.socket, title: texts.socketHelp },
  { id: 'direction', label: texts.direction, title: texts.directionHelp },
  { id: 'messages', label: texts.messages, title: texts.messages },
  { id: 'bytes', label: texts.bytes, title: texts.bytesHelp },
  { id: 'size', label: texts.size, title: texts.sizeHelp },
  { id: 'gap', label: texts.gap, title: texts.gapHelp },
  { id: 'gap99', label: texts.gap99, title: texts.gap99Help },
];

interface FlowsTableProps {
  readonly statistics: Statistics;
  /** The flow whose sizes and gaps are shown above. */
  readonly selected: FlowKey | undefined;
  readonly onSelect: (flow: FlowKey | undefined) => void;
}

/** The flows, one per row. Selecting one shows its sizes and gaps. */
export function FlowsTable({ statistics, selected, onSelect }: FlowsTableProps) {
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
      <table className={classes(tables.table, tables.flows)}>
        <thead>
          <tr>
            {columns.map(({ id, label, title }) => (
              <th
                key={id}
                scope="col"
                aria-sort={order.column === id ? (order.descending ? 'descending' : 'ascending') : 'none'}
              >
                <button type="button" className={tables.sort} title={title} onClick={() => sort(id)}>
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
            const isSelected = key === selected;
            return (
              <FlowRow
                key={key}
                flow={flow}
                info={infos.get(flow.socket)}
                selected={isSelected}
                onSelect={() => onSelect(isSelected ? undefined : key)}
              />
            );
          })}
        </tbody>
      </table>
      {statistics.moreFlows > 0 ? <p className={styles.hint}>{texts.more(statistics.moreFlows)}</p> : null}
      {statistics.untracked > 0 ? <p className={styles.hint}>{texts.untracked(statistics.untracked)}</p> : null}
    </>
  );
}

function Direction({ descending }: { readonly descending: boolean }) {
  return descending ? <ArrowDown size={11} aria-hidden /> : <ArrowUp size={11} aria-hidden />;
}

interface FlowRowProps {
  readonly flow: Flow;
  readonly info: SocketInfo | undefined;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

function FlowRow({ flow, info, selected, onSelect }: FlowRowProps) {
  const { socket, direction, messages, bytes, sizes, gaps } = flow;
  const name = info ? shownText(`${info.name} ${info.peer || info.local}`) : '';
  return (
    <tr className={selected ? tables.selected : undefined}>
      <th scope="row">
        <button
          type="button"
          className={tables.flow}
          aria-pressed={selected}
          aria-label={texts.select(socket, direction)}
          title={selected ? texts.showAll : texts.showThis}
          onClick={onSelect}
        >
          <span className={tables.number}>{socket}</span> {name}
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
