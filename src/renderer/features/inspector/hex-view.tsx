import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import { countOf } from '../../ui/figures.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { unescapeOf } from './escaped.ts';
import { HexCells } from './hex-cells.tsx';
import { offsetText, pageSize, pagesOf, rowBytesIn } from './hex-rows.ts';
import styles from './inspector.module.css';
import type { ReadPart } from './reads.ts';
import type { Match } from './use-find.ts';

const rowHeight = 18;
/** Pages kept; each is 32 KiB. */
const maxPages = 64;

interface HexViewProps {
  readonly selection: Selection;
  /** Bytes to point out and to bring into sight. */
  readonly match: Match | undefined;
  /** Where each read began is marked. */
  readonly reads: readonly ReadPart[];
}

/** Offset, hex and ASCII; only the pages in sight are fetched. */
export function HexView({ selection, match, reads }: HexViewProps) {
  const { client } = useServices();
  const { session, row } = selection;
  const pages = useRef(new Map<number, Uint8Array | 'loading'>());
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState<Failure>();
  const digits = offsetText(Math.max(row.length - 1, 0), 4).length;
  const pane = useRef<HTMLDivElement>(null);
  const [rowBytes, setRowBytes] = useState(8);
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    const measure = () => setRowBytes(rowBytesIn(element.clientWidth));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const live = useRef(true);
  useEffect(() => {
    live.current = true;
    return () => {
      live.current = false;
    };
  }, []);

  const load = useCallback(
    (first: number, count: number) => {
      for (const page of pagesOf(first, count, rowBytes, row.length)) {
        if (pages.current.has(page)) continue;
        pages.current.set(page, 'loading');
        const from = page * pageSize;
        void client
          .call('sessions.payload', { session, seq: row.seq, from, length: Math.min(pageSize, row.length - from) })
          .then((result) => {
            if (!live.current) return;
            if (result.ok) pages.current.set(page, result.value.bytes);
            else setFailure(result.error);
            const oldest = pages.current.keys().next();
            if (pages.current.size > maxPages && !oldest.done) pages.current.delete(oldest.value);
            redraw((count) => count + 1);
          });
      }
    },
    [client, session, row.seq, row.length, rowBytes],
  );

  // The first read begins with the message: nothing to mark.
  const starts = useMemo(() => new Set(reads.slice(1).map(({ from }) => from)), [reads]);
  if (failure) return <FailureBox failure={failure} />;
  const renderRow = (index: number) => {
    const page = pages.current.get(Math.floor((index * rowBytes) / pageSize));
    const bytes = page instanceof Uint8Array ? page : undefined;
    const at = (index * rowBytes) % pageSize;
    const cells = bytes?.subarray(at, at + rowBytes);
    return (
      <div className={styles.hexRow}>
        <span className={styles.offset}>{offsetText(index * rowBytes, digits)}</span>
        {cells ? (
          <HexCells bytes={cells} at={index * rowBytes} rowBytes={rowBytes} match={match} starts={starts} />
        ) : null}
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
          aria-label="Bytes in hex"
          role="region"
        />
      </div>
      <div className={styles.foot}>
        <span>{countOf(row.length, 'byte')}</span>
        {starts.size > 0 ? <span>a line marks where a read began</span> : null}
        {row.head + row.tail > 0 ? <span>{row.head + row.tail} of them framing</span> : null}
        {unescapeOf(row, selection.info) ? <span>as on the wire</span> : null}
      </div>
    </div>
  );
}
