import { quoteFilterString } from '#shared/filter/literals.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { showDialog } from '../../state/dialogs.ts';
import { filterOfTab, type Joining, joinFilter } from '../../state/filters.ts';
import { toggleBookmark } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { ContextMenu, type MenuItem } from '../../ui/popover.tsx';
import { strings } from './strings.ts';

const texts = strings.rowMenu;

/** A filter that a record matches, and its label in the row menu. */
interface RowFilter {
  readonly label: string;
  readonly filter: string;
}

/** The cells of a row that offer filters. */
export const filterCells = ['seq', 'time', 'peer', 'dir', 'length', 'message'] as const;
export type FilterCell = (typeof filterCells)[number];

/** Longest preview that is used as an exact text filter. */
const maxExact = 120;

/** Returns the filters that a cell of a row offers; without `cell`, those of the whole row. */
export function rowFilters(row: Row, info: SocketInfo | undefined, startAt: number, cell?: FilterCell): RowFilter[] {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  const byCell: Readonly<Record<FilterCell, readonly (RowFilter | undefined)[]>> = {
    peer: [
      row.socket > 0 ? { label: texts.socket(row.socket), filter: `socket == ${row.socket}` } : undefined,
      info?.peer ? { label: texts.peer(info.peer), filter: `peer == ${quoteFilterString(info.peer)}` } : undefined,
      info ? { label: texts.endpoint(info.name), filter: `endpoint == ${quoteFilterString(info.name)}` } : undefined,
    ],
    dir: [
      isMessage
        ? { label: row.kind === 'in' ? texts.received : texts.sent, filter: row.kind }
        : { label: `${row.kind} events`, filter: `kind == ${row.kind}` },
      isMessage ? { label: texts.messages, filter: 'message' } : undefined,
    ],
    message: [exactText(row), isMessage ? undefined : { label: `${row.kind} events`, filter: `kind == ${row.kind}` }],
    length: [isMessage ? { label: texts.length(row.length), filter: `len == ${row.length}` } : undefined],
    time: [
      { label: texts.thisTimeOrLater, filter: `time >= ${seconds(row.at - startAt, -1)}s` },
      { label: texts.thisTimeOrEarlier, filter: `time <= ${seconds(row.at - startAt, 1)}s` },
    ],
    seq: [
      { label: texts.recordOrLater(row.seq), filter: `seq >= ${row.seq}` },
      { label: texts.recordOrEarlier(row.seq), filter: `seq <= ${row.seq}` },
    ],
  };
  // The menu of a whole row offers only the common filters: each appears up to three times.
  const all = [...byCell.peer, byCell.dir[0], ...byCell.message];
  const found = (cell === undefined ? all : byCell[cell]).filter((filter) => filter !== undefined);
  return found.filter((one, index) => found.findIndex(({ filter }) => filter === one.filter) === index);
}

/** Returns a filter by the exact text of a message, if the preview is complete and contains only printable text. */
function exactText({ kind, preview, length, head, tail }: Row): RowFilter | undefined {
  if (kind !== 'in' && kind !== 'out') return undefined;
  const isPlain = preview.length <= maxExact && !/[\u2400-\u2421\ufffd]/.test(preview);
  const isWhole = new TextEncoder().encode(preview).length === length - head - tail;
  if (!isPlain || !isWhole || preview === '') return undefined;
  const shown = preview.length > 24 ? `${preview.slice(0, 24)}…` : preview;
  return { label: texts.text(shown), filter: `text == ${quoteFilterString(preview)}` };
}

/** Returns `ms` in seconds, to the microsecond as recorded, plus a margin because the difference of two times is inexact. */
function seconds(ms: number, microseconds: number): string {
  return String((Math.round(ms * 1_000) + microseconds) / 1_000_000);
}

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
