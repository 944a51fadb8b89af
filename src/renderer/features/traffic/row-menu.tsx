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
import { strings } from './strings.ts';

/** The row and the position of its context menu. */
export interface RowMenuTarget {
  readonly row: Row;
  readonly info: SocketInfo | undefined;
  readonly startAt: number;
  /** Undefined if the menu was opened with the keyboard: it is then for the whole row. */
  readonly cell: FilterCell | undefined;
  readonly x: number;
  readonly y: number;
}

interface RowMenuProps {
  readonly tab: string;
  readonly session: string;
  readonly target: RowMenuTarget;
  readonly onClose: () => void;
}

const texts = strings.rowMenu;
const verbs: readonly { readonly how: Joining; readonly verb: string }[] = [
  { how: 'only', verb: texts.filterBy },
  { how: 'and', verb: texts.and },
  { how: 'exclude', verb: texts.exclude },
];

/** The context menu of a record: filter by its properties, bookmark it, re-frame its stream. */
export function RowMenu({ tab, session, target, onClose }: RowMenuProps) {
  const services = useServices();
  const { row, info, startAt, cell } = target;
  const { text, mode } = filterOfTab(services.filters.getState(), tab);
  const joins = verbs.filter(({ how }) => how !== 'and' || (mode === 'filter' && text !== ''));
  const items: MenuItem[] = joins.flatMap(({ how, verb }, group) =>
    rowFilters(row, info, startAt, cell).map(({ label, filter }, index) => ({
      id: `${how} ${filter}`,
      label: `${verb} ${label}`,
      detail: how === 'exclude' ? `!(${filter})` : filter,
      ruled: group > 0 && index === 0,
      run: () => joinFilter(services, tab, filter, how),
    })),
  );
  items.push({
    id: 'bookmark',
    label: row.mark?.bookmarked ? texts.removeBookmark : texts.bookmark,
    detail: 'M',
    ruled: true,
    run: () => void toggleBookmark(services, session, row),
  });
  if (info && info.role !== 'listener' && !abilitiesOf(info.transport).messageOriented) {
    items.push({
      id: 'reframe',
      label: texts.reframe,
      detail: info.framing,
      run: () => showDialog(services.dialogs, { kind: 'reframe', session, socket: row.socket }),
    });
  }
  return <ContextMenu label={texts.label(row.seq)} items={items} x={target.x} y={target.y} onClose={onClose} />;
}
