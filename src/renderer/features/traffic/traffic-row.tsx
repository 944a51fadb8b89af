import { Star, StickyNote } from 'lucide-react';
import { memo } from 'react';
import { limitMarks, shortText } from '#shared/bytes/clusters.ts';
import { showControls } from '#shared/bytes/text.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { messageFlagWords } from '../../state/message-flag-words.ts';
import {
  bytesText,
  classes,
  countText,
  deltaText,
  momentText,
  secondsText,
  shownLines,
  shownText,
} from '../../ui/text.ts';
import { directionOf, Preview, peerOf, toneOf } from './row-words.tsx';
import { strings } from './strings.ts';
import styles from './traffic-grid.module.css';

const texts = strings.grid;

interface TrafficRowProps {
  /** Index of the row. */
  readonly at: number;
  /** Undefined while it is being fetched. */
  readonly row: Row | undefined;
  /** Time of the row before. */
  readonly before: number | undefined;
  readonly startAt: number | undefined;
  readonly info: SocketInfo | undefined;
  readonly selected: boolean;
  readonly stream: boolean;
  /** Offset from the top of the content, in pixels. */
  readonly y: number;
  /** Marked as a match of find mode. */
  readonly found: boolean;
  readonly onSelect: { select(at: number): void };
  readonly onBookmark: (row: Row) => void;
}

/** One record in the traffic table. */
export const TrafficRow = memo(function TrafficRow(props: TrafficRowProps) {
  const { at, row, before, startAt, info, selected, stream, y, found, onSelect, onBookmark } = props;
  return (
    <div
      id={`row-${at}`}
      data-at={at}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      className={classes(
        styles.row,
        styles[row ? toneOf(row.kind) : 'plain'],
        selected && styles.selected,
        found && styles.found,
      )}
      style={{ transform: `translateY(${y}px)` }}
      onPointerDown={(event) => {
        if (event.button === 0) onSelect.select(at);
      }}
    >
      {row ? (
        <>
          <BookmarkCell row={row} onBookmark={onBookmark} />
          <TimeCells row={row} before={before} startAt={startAt} />
          <SocketCells row={row} info={info} stream={stream} />
          <MessageCell row={row} info={info} />
        </>
      ) : (
        <span role="gridcell" className={styles.pending} />
      )}
    </div>
  );
});

function BookmarkCell({ row, onBookmark }: { readonly row: Row; readonly onBookmark: (row: Row) => void }) {
  const bookmarked = row.mark?.bookmarked === true;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the key M for the selected row.
    <span
      role="gridcell"
      className={classes(styles.star, bookmarked && styles.starred)}
      aria-label={bookmarked ? texts.bookmarked : undefined}
      title={bookmarked ? texts.removeBookmark : texts.addBookmark}
      onClick={() => onBookmark(row)}
    >
      <Star size={12} aria-hidden fill={bookmarked ? 'currentColor' : 'none'} />
    </span>
  );
}

function TimeCells({ row, before, startAt }: { readonly row: Row } & Pick<TrafficRowProps, 'before' | 'startAt'>) {
  return (
    <>
      <span role="gridcell" data-cell="seq" className={classes(styles.seq, styles.right)}>
        {countText(row.seq)}
      </span>
      <span role="gridcell" data-cell="time" className={classes(styles.time, styles.right)} title={momentText(row.at)}>
        {secondsText(row.at - (startAt ?? row.at))}
      </span>
      <span role="gridcell" className={classes(styles.delta, styles.right)}>
        {before === undefined ? '' : deltaText(row.at - before)}
      </span>
    </>
  );
}

function SocketCells({ row, info, stream }: { readonly row: Row } & Pick<TrafficRowProps, 'info' | 'stream'>) {
  const direction = directionOf(row.kind);
  return (
    <>
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
    </>
  );
}

/** Returns the exact length while it fits into its column. The inspector always shows it exactly. */
function lengthText(length: number): string {
  return length < 1_000_000 ? countText(length) : bytesText(length);
}

function MessageCell({ row, info }: { readonly row: Row; readonly info: SocketInfo | undefined }) {
  const isMessage = directionOf(row.kind) !== undefined;
  const isWebSocket = isMessage && (info?.transport === 'ws' || info?.transport === 'wss');
  const isEmpty = isMessage && row.length <= row.head + row.tail;
  return (
    <span
      role="gridcell"
      data-cell="message"
      className={styles.message}
      title={isMessage ? undefined : shortText(row.preview)}
    >
      {row.mark?.note ? <Note text={row.mark.note} /> : null}
      {row.flags === 0 && !isWebSocket ? null : <Flags flags={row.flags} isWebSocket={isWebSocket} />}
      {isEmpty ? <span className={styles.messageType}>{texts.empty}</span> : null}
      {isMessage ? <Preview text={row.preview} /> : shortText(row.preview)}
    </span>
  );
}

/** The first line of the user's note on a record. */
function Note({ text }: { readonly text: string }) {
  return (
    <span className={styles.note} title={limitMarks(shownLines(text))}>
      <StickyNote size={11} aria-label={texts.note} />
      <span>
        <Preview text={shortText(showControls(text.split('\n', 1)[0] ?? ''))} />
      </span>
    </span>
  );
}

function Flags({ flags, isWebSocket }: { readonly flags: number; readonly isWebSocket: boolean }) {
  const isText = (flags & messageFlags.text) !== 0;
  return (
    <>
      {isWebSocket ? (
        <span className={styles.messageType} title={texts.webSocketType}>
          {isText ? texts.textMessage : texts.binaryMessage}
        </span>
      ) : null}
      {messageFlagWords(flags).map(({ word, title, quiet }) => (
        <span key={word} className={quiet ? styles.messageType : styles.flag} title={title}>
          {word}
        </span>
      ))}
    </>
  );
}
