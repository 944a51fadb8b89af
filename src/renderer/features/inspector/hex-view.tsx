import { useMemo, useRef } from 'react';
import type { Selection } from '../../client/selection-store.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { unescapeOf } from './escaped.ts';
import { HexCells } from './hex-cells.tsx';
import { offsetText } from './hex-rows.ts';
import styles from './inspector.module.css';
import type { ReadPart } from './reads.ts';
import { strings } from './strings.ts';
import type { Match } from './use-find.ts';
import { useHexPages, useRowBytes } from './use-hex-pages.ts';

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
