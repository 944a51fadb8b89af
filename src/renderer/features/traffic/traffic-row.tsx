import { Star, StickyNote } from 'lucide-react';
import { memo } from 'react';
import { limitMarks, shortText } from '#shared/bytes/clusters.ts';
import { showControls } from '#shared/bytes/text.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { messageFlagWords } from '../../client/message-flag-words.ts';
import { classes } from '../../ui/classes.ts';
import { shownLines, shownText } from '../../ui/escape-symbol.ts';
import { bytesText, countText, deltaText, momentText, secondsText } from '../../ui/figures.ts';
import { Preview } from './preview.tsx';
import { directionOf, peerOf, toneOf } from './row-words.ts';
import styles from './traffic-grid.module.css';

interface TrafficRowProps {
  /** Its place among the rows. */
  readonly at: number;
  /** Not here yet while it is being fetched. */
  readonly row: Row | undefined;
  readonly before: number | undefined;
  readonly startAt: number | undefined;
  readonly info: SocketInfo | undefined;
  readonly selected: boolean;
  readonly stream: boolean;
  readonly y: number;
  /** Marked as a match of what is being looked for. */
  readonly found: boolean;
  readonly onSelect: { select(at: number): void };
  readonly onBookmark: (row: Row) => void;
}

function Flags({ flags, isWebSocket }: { readonly flags: number; readonly isWebSocket: boolean }) {
  const isText = (flags & messageFlags.text) !== 0;
  const type = isWebSocket ? (
    <span className={styles.messageType} title="The type that a WebSocket message is sent with">
      {isText ? 'text' : 'binary'}
    </span>
  ) : null;
  const words = messageFlagWords(flags).map(({ word, title, quiet }) => (
    <span key={word} className={quiet ? styles.messageType : styles.flag} title={title}>
      {word}
    </span>
  ));
  return (
    <>
      {type}
      {words}
    </>
  );
}

/** What a person left at the record, in front of what it holds. */
function Note({ text }: { readonly text: string }) {
  return (
    <span className={styles.note} title={limitMarks(shownLines(text))}>
      <StickyNote size={11} aria-label="note" />
      <span>
        <Preview text={shortText(showControls(text.split('\n', 1)[0] ?? ''))} />
      </span>
    </span>
  );
}

/** Every byte counts, until the figure is wider than its column; the inspector has it in full. */
function lengthText(length: number): string {
  return length < 1_000_000 ? countText(length) : bytesText(length);
}

export const TrafficRow = memo(function TrafficRow(props: TrafficRowProps) {
  const { at, row, before, startAt, info, selected, stream, y, found, onSelect, onBookmark } = props;
  const bookmarked = row?.mark?.bookmarked === true;
  const direction = row ? directionOf(row.kind) : undefined;
  const isWebSocket = direction !== undefined && (info?.transport === 'ws' || info?.transport === 'wss');
  const tone = row ? toneOf(row.kind) : 'plain';
  return (
    <div
      id={`row-${at}`}
      data-at={at}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      className={classes(styles.row, styles[tone], selected && styles.selected, found && styles.found)}
      style={{ transform: `translateY(${y}px)` }}
      onPointerDown={(event) => {
        if (event.button === 0) onSelect.select(at);
      }}
    >
      {row ? (
        <>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the key M does it for the chosen row; the grid hears it. */}
          <span
            role="gridcell"
            className={classes(styles.star, bookmarked && styles.starred)}
            aria-label={bookmarked ? 'bookmarked' : undefined}
            title={bookmarked ? 'Remove bookmark (M)' : 'Bookmark (M)'}
            onClick={() => onBookmark(row)}
          >
            <Star size={12} aria-hidden fill={bookmarked ? 'currentColor' : 'none'} />
          </span>
          <span role="gridcell" data-cell="seq" className={classes(styles.seq, styles.right)}>
            {countText(row.seq)}
          </span>
          <span
            role="gridcell"
            data-cell="time"
            className={classes(styles.time, styles.right)}
            title={momentText(row.at)}
          >
            {secondsText(row.at - (startAt ?? row.at))}
          </span>
          <span role="gridcell" className={classes(styles.delta, styles.right)}>
            {before === undefined ? '' : deltaText(row.at - before)}
          </span>
          <span
            role="gridcell"
            data-cell="peer"
            className={styles.peer}
            title={info ? shownText(`${info.local} — ${info.peer}`) : undefined}
          >
            {info?.name ? <span className={styles.name}>{shownText(info.name)} </span> : null}
            {shownText(peerOf(info))}
          </span>
          <span role="gridcell" data-cell="dir" className={classes(styles.dir, direction && styles[direction.kind])}>
            {direction?.text ?? (stream ? row.kind : '')}
          </span>
          <span role="gridcell" data-cell="length" className={classes(styles.length, styles.right)}>
            {direction ? lengthText(row.length) : ''}
          </span>
          <span
            role="gridcell"
            data-cell="message"
            className={styles.message}
            title={direction ? undefined : shortText(row.preview)}
          >
            {row.mark?.note ? <Note text={row.mark.note} /> : null}
            {row.flags === 0 && !isWebSocket ? null : <Flags flags={row.flags} isWebSocket={isWebSocket} />}
            {direction && row.length <= row.head + row.tail ? (
              <span className={styles.messageType}>(empty)</span>
            ) : null}
            {direction ? <Preview text={row.preview} /> : shortText(row.preview)}
          </span>
        </>
      ) : (
        <span role="gridcell" className={styles.pending} />
      )}
    </div>
  );
});
