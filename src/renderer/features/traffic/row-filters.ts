import { quoteFilterString } from '#shared/filter/literals.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
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
