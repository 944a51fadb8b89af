import { Star, StickyNote } from 'lucide-react';
import { memo } from 'react';
import { limitMarks, shortText } from '#shared/bytes/clusters.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { RecordKind, Row, SocketInfo } from '#shared/record/record.ts';
import { eventKindOf } from '#shared/socket/event.ts';
import { isObserved } from '#shared/socket/state.ts';
import {
  bytesText,
  classes,
  countText,
  deltaText,
  escapeSymbols,
  momentText,
  secondsText,
  shortAddress,
  shownLines,
  shownText,
} from '../../ui/text.ts';
import { ChecksumMark, Flags } from './message-marks.tsx';
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
      {row.checksum ? <ChecksumMark verdict={row.checksum} spelling={info?.checksum ?? ''} /> : null}
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

/** No cell is wide enough for more characters. */
const maxShown = 320;

/** Symbols of control characters, and characters shown as their code points. */
const notDrawn = /(?:[\u2400-\u2421]|⟨U\+[\dA-F]{4,6}⟩)+/g;

/**
 * Splits a row's preview into text and escapes. The engine replaces control characters with their Unicode symbols (␊), which
 * many fonts lack: these become escapes (`\n`, `\x1b`). Escapes and code points (`⟨U+FEFF⟩`) have a style of their type.
 */
export function previewPieces(preview: string): { at: number; escaped: boolean; shown: string }[] {
  // Indentation is meaningless on one line; the inspector shows it.
  const text = limitMarks(preview.replace(/(?<=[\u240a\u240d])[ \u2409]{2,}/g, ' ').slice(0, maxShown));
  const pieces: ReturnType<typeof previewPieces> = [];
  let start = 0;
  for (const match of text.matchAll(notDrawn)) {
    if (match.index > start) pieces.push({ at: start, escaped: false, shown: text.slice(start, match.index) });
    pieces.push({ at: match.index, escaped: true, shown: escapeSymbols(match[0]) });
    start = match.index + match[0].length;
  }
  if (start < text.length) pieces.push({ at: start, escaped: false, shown: text.slice(start) });
  return pieces;
}

/** The beginning of a message on one line, with control characters as highlighted escapes. */
function Preview({ text }: { readonly text: string }) {
  return previewPieces(text).map(({ at, escaped, shown }) =>
    escaped ? (
      <span key={at} className={styles.control}>
        {shown}
      </span>
    ) : (
      shown
    ),
  );
}

/** Returns the direction of a message and its text; `undefined` for an event. */
function directionOf(kind: RecordKind): { kind: 'in' | 'out'; text: string } | undefined {
  if (kind === 'in') return { kind, text: strings.grid.received };
  return kind === 'out' ? { kind, text: strings.grid.sent } : undefined;
}

/** Returns the emphasis of a row: less for lifecycle events than for messages, more for problems. */
export function toneOf(kind: RecordKind): 'plain' | 'event' | 'problem' | 'warning' {
  if (kind === 'in' || kind === 'out') return 'plain';
  return eventKindOf(kind).level ?? 'event';
}

/**
 * Returns the address of the peer, or the local address of a listener; for a connection that was only observed, both
 * addresses, the connecting side first. An address of this machine is shortened to its port.
 */
export function peerOf(info: SocketInfo | undefined): string {
  if (!info) return '';
  if (isObserved(info) && info.local !== '' && info.peer !== '') {
    const [from, to] = info.role === 'accepted' ? [info.peer, info.local] : [info.local, info.peer];
    return `${shortAddress(from)} → ${shortAddress(to)}`;
  }
  return shortAddress(info.role === 'listener' ? info.local : info.peer);
}
