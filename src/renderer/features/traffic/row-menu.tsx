import type { Row, SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { showDialog } from '../../client/dialogs-store.ts';
import { type Joining, joinFilter } from '../../client/filter-commands.ts';
import { filterOfTab } from '../../client/filters-store.ts';
import { toggleBookmark } from '../../client/mark-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import type { MenuItem } from '../../ui/menu.tsx';
import { type FilterCell, rowFilters } from './row-filters.ts';

/** Where a row's menu was asked for, and for what. */
export interface RowMenuWish {
  readonly row: Row;
  readonly info: SocketInfo | undefined;
  readonly startAt: number;
  /** Undefined where it was asked for with the keyboard: then it is about the whole row. */
  readonly cell: FilterCell | undefined;
  readonly x: number;
  readonly y: number;
}

interface RowMenuProps {
  readonly tab: string;
  readonly session: string;
  readonly wish: RowMenuWish;
  readonly onClose: () => void;
}

const verbs: readonly { readonly how: Joining; readonly verb: string }[] = [
  { how: 'only', verb: 'Filter by' },
  { how: 'and', verb: 'And' },
  { how: 'exclude', verb: 'Exclude' },
];

/** What can be done with a record, at the pointer: filter by what it is, bookmark it. */
export function RowMenu({ tab, session, wish, onClose }: RowMenuProps) {
  const services = useServices();
  const { row, info, startAt, cell } = wish;
  const { text, mode } = filterOfTab(services.filters.getState(), tab);
  const joins = verbs.filter(({ how }) => how !== 'and' || (mode === 'filter' && text !== ''));
  const items: MenuItem[] = joins.flatMap(({ how, verb }, group) =>
    rowFilters(row, info, startAt, cell).map(({ words, filter }, index) => ({
      id: `${how} ${filter}`,
      label: `${verb} ${words}`,
      detail: how === 'exclude' ? `!(${filter})` : filter,
      ruled: group > 0 && index === 0,
      run: () => joinFilter(services, tab, filter, how),
    })),
  );
  items.push({
    id: 'bookmark',
    label: row.mark?.bookmarked ? 'Remove bookmark' : 'Bookmark',
    detail: 'M',
    ruled: true,
    run: () => void toggleBookmark(services, session, row),
  });
  if (info && info.role !== 'listener' && !abilitiesOf(info.transport).messageOriented) {
    items.push({
      id: 'reframe',
      label: 'Frame this stream anew…',
      detail: info.framing,
      run: () => showDialog(services.dialogs, { kind: 'reframe', session, socket: row.socket }),
    });
  }
  return <ContextMenu label={`Record ${row.seq}`} items={items} x={wish.x} y={wish.y} onClose={onClose} />;
}
