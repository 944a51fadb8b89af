import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { toHex } from '#shared/bytes/hex.ts';
import type { Failure } from '#shared/failure.ts';
import type { Selection } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { FailureBox } from '../../ui/fallback.tsx';
import { classes } from '../../ui/text.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import type { Match } from './find-bar.tsx';
import styles from './message-views.module.css';
import { type ReadPart, unescapeOf } from './record-data.ts';
import { strings } from './strings.ts';

/** Bytes fetched per call: a multiple of a row. */
export const pageSize = 32 * 1_024;

/** Returns the number of bytes per row that fit in `width` pixels: 16, or 8 in a narrow pane. */
function rowBytesIn(width: number): number {
  return width >= 540 ? 16 : 8;
}

/** Returns the hex of a row in two groups: `48 65 … 2c  20 73 …`. */
export function hexCells(bytes: Uint8Array, rowBytes: number): string {
  const half = rowBytes / 2;
  const left = toHex(bytes.subarray(0, half), ' ').padEnd(half * 3 - 1);
  return `${left}  ${toHex(bytes.subarray(half), ' ')}`.padEnd(rowBytes * 3);
}

/** Returns printable ASCII unchanged, and every other byte as a dot. */
export function asciiCells(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
  return text;
}

/** Returns `offset` in hex, padded to `width` digits. */
function offsetText(offset: number, width: number): string {
  return offset.toString(16).padStart(width, '0');
}

/** Returns the pages that contain rows `[first, first + count)` of `rowBytes` each, in a message of `length` bytes. */
export function pagesOf(first: number, count: number, rowBytes: number, length: number): number[] {
  const last = Math.min((first + count) * rowBytes, length) - 1;
  const pages: number[] = [];
  for (let page = Math.floor((first * rowBytes) / pageSize); page * pageSize <= last; page += 1) pages.push(page);
  return pages;
}

interface HexCellsProps {
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the message. */
  readonly at: number;
  readonly rowBytes: number;
  readonly match: Match | undefined;
  /** Offsets at which a read begins. */
  readonly starts: ReadonlySet<number>;
}

/** The bytes of one row in hex and ASCII. A match is highlighted, and a thin line marks the start of a read. */
function HexCells({ bytes, at, rowBytes, match, starts }: HexCellsProps) {
  const isPlain =
    (!match || match.at >= at + bytes.length || match.at + match.length <= at) && !hasStart(bytes, at, starts);
  if (isPlain) {
    return (
      <>
        <span>{hexCells(bytes, rowBytes)}</span>
        <span className={styles.ascii}>{asciiCells(bytes)}</span>
      </>
    );
  }
  const lookOf = (index: number) => {
    const offset = at + index;
    const isFound = match !== undefined && offset >= match.at && offset < match.at + match.length;
    return classes(isFound && styles.match, starts.has(offset) && styles.readStart) || undefined;
  };
  const ascii = asciiCells(bytes);
  const cells = Array.from({ length: rowBytes }, (_, index) => ({
    offset: at + index,
    hex: index < bytes.length ? toHex(bytes.subarray(index, index + 1)) : '  ',
    gap: index === rowBytes / 2 - 1 ? '  ' : ' ',
    look: lookOf(index),
    char: ascii[index] ?? '',
  }));
  return (
    <>
      <span>
        {cells.map(({ offset, hex, gap, look }) => (
          <span key={offset}>
            <span className={look}>{hex}</span>
            {gap}
          </span>
        ))}
      </span>
      <span className={styles.ascii}>
        {cells.map(({ offset, char, look }) => (
          <span key={offset} className={look}>
            {char}
          </span>
        ))}
      </span>
    </>
  );
}

function hasStart(bytes: Uint8Array, at: number, starts: ReadonlySet<number>): boolean {
  if (starts.size === 0) return false;
  for (let offset = at; offset < at + bytes.length; offset += 1) if (starts.has(offset)) return true;
  return false;
}

/** Maximum number of pages kept; each is 32 KiB. */
const maxPages = 64;

interface HexPages {
  readonly failure: Failure | undefined;
  /** Fetches the pages that contain rows `[first, first + count)`. */
  readonly load: (first: number, count: number) => void;
  /** Returns the bytes of a row; `undefined` until they are fetched. */
  readonly rowAt: (index: number) => Uint8Array | undefined;
}

/** Fetches the pages of a message on demand, in rows of `rowBytes`. */
function useHexPages({ session, row: { seq, length } }: Selection, rowBytes: number): HexPages {
  const { client } = useServices();
  const pages = useRef(new Map<number, Uint8Array | 'loading'>());
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState<Failure>();
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  const load = useCallback(
    (first: number, count: number) => {
      for (const page of pagesOf(first, count, rowBytes, length)) {
        if (pages.current.has(page)) continue;
        pages.current.set(page, 'loading');
        const from = page * pageSize;
        const input = { session, seq, from, length: Math.min(pageSize, length - from) };
        void client.call('sessions.payload', input).then((result) => {
          if (!isMounted.current) return;
          if (result.ok) pages.current.set(page, result.value.bytes);
          else setFailure(result.error);
          const oldest = pages.current.keys().next();
          if (pages.current.size > maxPages && !oldest.done) pages.current.delete(oldest.value);
          redraw((times) => times + 1);
        });
      }
    },
    [client, session, seq, length, rowBytes],
  );

  const rowAt = (index: number) => {
    const page = pages.current.get(Math.floor((index * rowBytes) / pageSize));
    const at = (index * rowBytes) % pageSize;
    return page instanceof Uint8Array ? page.subarray(at, at + rowBytes) : undefined;
  };
  return { failure, load, rowAt };
}

/** Returns the number of bytes per row that fit in the width of `pane`. */
function useRowBytes(pane: RefObject<HTMLElement | null>): number {
  const [rowBytes, setRowBytes] = useState(8);
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    const measure = () => setRowBytes(rowBytesIn(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [pane]);
  return rowBytes;
}

const texts = strings.hexView;
const rowHeight = 18;

interface HexViewProps {
  readonly selection: Selection;
  /** Bytes to highlight and to scroll to. */
  readonly match: Match | undefined;
  /** The reads of the message: the start of each is marked. */
  readonly reads: readonly ReadPart[];
}

/** Offset, hex and ASCII. Only visible pages are fetched. */
export function HexView({ selection, match, reads }: HexViewProps) {
  const { row } = selection;
  const pane = useRef<HTMLDivElement>(null);
  const rowBytes = useRowBytes(pane);
  const { failure, load, rowAt } = useHexPages(selection, rowBytes);
  const digits = offsetText(Math.max(row.length - 1, 0), 4).length;
  // The first read starts where the message starts, which needs no mark.
  const starts = useMemo(() => new Set(reads.slice(1).map(({ from }) => from)), [reads]);
  if (failure) return <FailureBox failure={failure} />;
  const renderRow = (index: number) => {
    const bytes = rowAt(index);
    const at = index * rowBytes;
    return (
      <div className={styles.hexRow}>
        <span className={styles.offset}>{offsetText(at, digits)}</span>
        {bytes ? <HexCells bytes={bytes} at={at} rowBytes={rowBytes} match={match} starts={starts} /> : null}
      </div>
    );
  };
  return (
    <div className={styles.column}>
      <div ref={pane} className={styles.hex}>
        <VirtualList
          total={Math.ceil(row.length / rowBytes)}
          rowHeight={rowHeight}
          wide
          reveal={match ? Math.floor(match.at / rowBytes) : undefined}
          renderRow={renderRow}
          onRange={load}
          tabIndex={0}
          aria-label={texts.label}
          role="region"
        />
      </div>
      <div className={styles.foot}>
        <span>{texts.size(row.length, row.head + row.tail)}</span>
        {starts.size > 0 ? <span>{texts.reads}</span> : null}
        {unescapeOf(row, selection.info) ? <span>{texts.wire}</span> : null}
      </div>
    </div>
  );
}
