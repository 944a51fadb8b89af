import { quoteFilterString } from '#shared/filter/literals.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Action, ActionContext, FilterCell } from '../../state/action.ts';
import { showDialog } from '../../state/dialogs.ts';
import { filterOfTab, type Joining, joinFilter } from '../../state/filters.ts';
import { saveRecord } from '../../state/payload-files.ts';
import { toggleBookmark } from '../../state/selection.ts';
import { strings } from './strings.ts';

const texts = strings.rowMenu;

/** What a record can be filtered by. */
const filterIds = [
  ...(['socket', 'peer', 'endpoint', 'direction', 'messages', 'text', 'checksum', 'kind', 'length'] as const),
  ...(['from-time', 'to-time', 'from-record', 'to-record'] as const),
] as const;
type RowFilterId = (typeof filterIds)[number];

/** A filter that a record matches, and its label in the row menu. */
interface RowFilter {
  readonly id: RowFilterId;
  readonly label: string;
  readonly filter: string;
}

/** Longest preview that is used as an exact text filter. */
const maxExact = 120;

/** Returns the filters that a cell of a row offers; without `cell`, those of the whole row. */
export function rowFilters(row: Row, info: SocketInfo | undefined, startAt: number, cell?: FilterCell): RowFilter[] {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  const byCell: Readonly<Record<FilterCell, readonly (RowFilter | undefined)[]>> = {
    peer: [
      row.socket > 0 ? { id: 'socket', label: texts.socket(row.socket), filter: `socket == ${row.socket}` } : undefined,
      info?.peer
        ? { id: 'peer', label: texts.peer(info.peer), filter: `peer == ${quoteFilterString(info.peer)}` }
        : undefined,
      info
        ? { id: 'endpoint', label: texts.endpoint(info.name), filter: `endpoint == ${quoteFilterString(info.name)}` }
        : undefined,
    ],
    dir: [
      isMessage
        ? { id: 'direction', label: row.kind === 'in' ? texts.received : texts.sent, filter: row.kind }
        : { id: 'kind', label: texts.events(row.kind), filter: `kind == ${row.kind}` },
      isMessage ? { id: 'messages', label: texts.messages, filter: 'message' } : undefined,
    ],
    message: [
      exactText(row),
      row.checksum
        ? { id: 'checksum', label: texts.checksum(row.checksum), filter: `checksum == ${row.checksum}` }
        : undefined,
      isMessage ? undefined : { id: 'kind', label: texts.events(row.kind), filter: `kind == ${row.kind}` },
    ],
    length: [isMessage ? { id: 'length', label: texts.length(row.length), filter: `len == ${row.length}` } : undefined],
    time: [
      { id: 'from-time', label: texts.thisTimeOrLater, filter: `time >= ${seconds(row.at - startAt, -1)}s` },
      { id: 'to-time', label: texts.thisTimeOrEarlier, filter: `time <= ${seconds(row.at - startAt, 1)}s` },
    ],
    seq: [
      { id: 'from-record', label: texts.recordOrLater(row.seq), filter: `seq >= ${row.seq}` },
      { id: 'to-record', label: texts.recordOrEarlier(row.seq), filter: `seq <= ${row.seq}` },
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
  return { id: 'text', label: texts.text(shown), filter: `text == ${quoteFilterString(preview)}` };
}

/** Returns `ms` in seconds, to the microsecond as recorded, plus a margin because the difference of two times is inexact. */
function seconds(ms: number, microseconds: number): string {
  return String((Math.round(ms * 1_000) + microseconds) / 1_000_000);
}

/** Returns the filter `id` of the record in the context, if its row or the cell of its menu offers it. */
function filterIn({ record, place }: ActionContext, id: RowFilterId): RowFilter | undefined {
  if (!record) return undefined;
  const { row, info } = record;
  return rowFilters(row, info, place?.startAt ?? row.at, place?.cell).find((filter) => filter.id === id);
}

function hasFilter({ services, tab }: ActionContext): boolean {
  const { text, mode } = filterOfTab(services.filters.getState(), tab?.id ?? '');
  return mode === 'filter' && text !== '';
}

/** Returns the action that filters by one property of the record in the context. */
function filterBy(id: RowFilterId, how: Joining, verb: string): Action {
  return {
    id: `${how}-${id}`,
    group: how,
    label: (context) => `${verb} ${filterIn(context, id)?.label ?? ''}`,
    detail: (context) => {
      const filter = filterIn(context, id)?.filter ?? '';
      return how === 'exclude' ? `!(${filter})` : filter;
    },
    applies: (context) => filterIn(context, id) !== undefined && (how !== 'and' || hasFilter(context)),
    enabled: ({ tab }) => tab !== undefined,
    run: (context) => {
      const found = filterIn(context, id);
      if (found && context.tab) joinFilter(context.services, context.tab.id, found.filter, how);
    },
  };
}

const isStream = ({ record }: ActionContext) =>
  record?.info !== undefined && record.info.role !== 'listener' && !abilitiesOf(record.info.transport).messageOriented;

/** The actions on a record: filter by its properties, bookmark it, re-frame its stream. */
export const rowActions: readonly Action[] = [
  ...filterIds.map((id) => filterBy(id, 'only', texts.filterBy)),
  ...filterIds.map((id) => filterBy(id, 'and', texts.and)),
  ...filterIds.map((id) => filterBy(id, 'exclude', texts.exclude)),
  {
    id: 'bookmark',
    group: 'record',
    label: ({ record }) => (record?.row.mark?.bookmarked ? texts.removeBookmark : texts.bookmark),
    title: texts.toggleBookmark,
    detail: 'M',
    keys: 'M',
    enabled: ({ record }) => record !== undefined,
    run: ({ services, record }) => {
      if (record) void toggleBookmark(services, record.session, record.row);
    },
  },
  {
    id: 'save-record',
    group: 'record',
    label: texts.savePayload,
    title: ({ record }) => texts.savePayloadOf(record?.row.seq ?? 0),
    applies: ({ record }) => record?.row.kind === 'in' || record?.row.kind === 'out',
    enabled: ({ services }) => services.workspace.getState().view !== undefined,
    run: ({ services, record }) => {
      if (record) void saveRecord(services, record);
    },
  },
  {
    id: 'reframe-stream',
    group: 'record',
    label: texts.reframe,
    title: ({ record }) => texts.reframeOf(texts.socket(record?.row.socket ?? 0)),
    detail: ({ record }) => record?.info?.framing ?? '',
    applies: isStream,
    enabled: isStream,
    run: ({ services, record }) => {
      if (record) showDialog(services.dialogs, { kind: 'reframe', session: record.session, socket: record.row.socket });
    },
  },
];
