import { quoteFilterString } from '#shared/filter/literals.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/** A condition that a record meets, to filter by: in words and as a filter. */
interface RowFilter {
  readonly words: string;
  readonly filter: string;
}

/** The cells of a row that stand for something to filter by. */
export const filterCells = ['seq', 'time', 'peer', 'dir', 'length', 'message'] as const;
export type FilterCell = (typeof filterCells)[number];

/** A preview holds the whole of a message up to this length. */
const maxExact = 120;

/** What the cell of a row can be filtered by; without a cell what the row can. */
export function rowFilters(row: Row, info: SocketInfo | undefined, startAt: number, cell?: FilterCell): RowFilter[] {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  const byCell: Readonly<Record<FilterCell, readonly (RowFilter | undefined)[]>> = {
    peer: [
      row.socket > 0 ? { words: `socket ${row.socket}`, filter: `socket == ${row.socket}` } : undefined,
      info?.peer ? { words: `peer ${info.peer}`, filter: `peer == ${quoteFilterString(info.peer)}` } : undefined,
      info ? { words: `endpoint ${info.name}`, filter: `endpoint == ${quoteFilterString(info.name)}` } : undefined,
    ],
    dir: [
      isMessage
        ? { words: row.kind === 'in' ? 'received' : 'sent', filter: row.kind }
        : { words: `${row.kind} events`, filter: `kind == ${row.kind}` },
      isMessage ? { words: 'messages', filter: 'message' } : undefined,
    ],
    message: [exactText(row), isMessage ? undefined : { words: `${row.kind} events`, filter: `kind == ${row.kind}` }],
    length: [isMessage ? { words: `length ${row.length}`, filter: `len == ${row.length}` } : undefined],
    time: [
      { words: 'from here on', filter: `time >= ${seconds(row.at - startAt, -1)}s` },
      { words: 'up to here', filter: `time <= ${seconds(row.at - startAt, 1)}s` },
    ],
    seq: [
      { words: `from #${row.seq} on`, filter: `seq >= ${row.seq}` },
      { words: `up to #${row.seq}`, filter: `seq <= ${row.seq}` },
    ],
  };
  // Of the whole row only what one filters by most: each comes in up to three ways, and a menu must be read.
  const all = [...byCell.peer, byCell.dir[0], ...byCell.message];
  const found = (cell === undefined ? all : byCell[cell]).filter((filter) => filter !== undefined);
  return found.filter((one, index) => found.findIndex(({ filter }) => filter === one.filter) === index);
}

/** The text of a message that its row holds whole, and as it is: without control characters or bytes that are no text. */
function exactText({ kind, preview, length, head, tail }: Row): RowFilter | undefined {
  if (kind !== 'in' && kind !== 'out') return undefined;
  const isPlain = preview.length <= maxExact && !/[\u2400-\u2421\ufffd]/.test(preview);
  const isWhole = new TextEncoder().encode(preview).length === length - head - tail;
  if (!isPlain || !isWhole || preview === '') return undefined;
  const shown = preview.length > 24 ? `${preview.slice(0, 24)}…` : preview;
  return { words: `text “${shown}”`, filter: `text == ${quoteFilterString(preview)}` };
}

/** To the microsecond, as the log keeps it, and one more on the safe side: the difference of two times is not exact. */
function seconds(ms: number, microseconds: number): string {
  return String((Math.round(ms * 1_000) + microseconds) / 1_000_000);
}
