import { memo } from 'react';
import { messageFlags, type Row, type SocketInfo } from '#shared/record/record.ts';
import { classes } from '../../ui/classes.ts';
import { bytesText, countText, deltaText, momentText, secondsText } from '../../ui/figures.ts';
import { Preview } from './preview.tsx';
import { directionOf, peerOf, toneOf } from './row-words.ts';
import styles from './traffic-grid.module.css';

interface TrafficRowProps {
  readonly seq: number;
  /** Not here yet while it is being fetched. */
  readonly row: Row | undefined;
  readonly before: number | undefined;
  readonly startAt: number | undefined;
  readonly info: SocketInfo | undefined;
  readonly selected: boolean;
  readonly stream: boolean;
  readonly y: number;
  readonly onSelect: { select(seq: number): void };
}

const flagWords = [
  { flag: messageFlags.cutByLimit, word: 'cut', title: 'The message cap cut the message here; it goes on below.' },
  { flag: messageFlags.incomplete, word: 'incomplete', title: 'The stream ended inside this message.' },
  { flag: messageFlags.malformed, word: 'malformed', title: 'These bytes do not follow the framing.' },
  { flag: messageFlags.filler, word: 'between', title: 'Only bytes between messages: white space, say.' },
] as const;

function Flags({ flags }: { readonly flags: number }) {
  return flagWords.map(({ flag, word, title }) =>
    (flags & flag) === 0 ? null : (
      <span key={word} className={styles.flag} title={title}>
        {word}
      </span>
    ),
  );
}

/** Every byte counts, until the figure is wider than its column; the inspector has it in full. */
function lengthText(length: number): string {
  return length < 1_000_000 ? countText(length) : bytesText(length);
}

export const TrafficRow = memo(function TrafficRow(props: TrafficRowProps) {
  const { seq, row, before, startAt, info, selected, stream, y, onSelect } = props;
  const direction = row ? directionOf(row.kind) : undefined;
  const tone = row ? toneOf(row.kind) : 'plain';
  return (
    <div
      id={`record-${seq}`}
      role="row"
      aria-rowindex={seq + 2}
      aria-selected={selected}
      className={classes(styles.row, styles[tone], selected && styles.selected)}
      style={{ transform: `translateY(${y}px)` }}
      onPointerDown={(event) => {
        if (event.button === 0) onSelect.select(seq);
      }}
    >
      <span role="gridcell" className={classes(styles.seq, styles.right)}>
        {countText(seq)}
      </span>
      {row ? (
        <>
          <span role="gridcell" className={classes(styles.time, styles.right)} title={momentText(row.at)}>
            {secondsText(row.at - (startAt ?? row.at))}
          </span>
          <span role="gridcell" className={classes(styles.delta, styles.right)}>
            {before === undefined ? '' : deltaText(row.at - before)}
          </span>
          <span role="gridcell" className={styles.peer} title={info ? `${info.local} — ${info.peer}` : undefined}>
            {info ? <span className={styles.name}>{info.name}</span> : null} {peerOf(info)}
          </span>
          <span role="gridcell" className={classes(styles.dir, direction && styles[direction.kind])}>
            {direction?.text ?? (stream ? row.kind : '')}
          </span>
          <span role="gridcell" className={classes(styles.length, styles.right)}>
            {direction ? lengthText(row.length) : ''}
          </span>
          <span role="gridcell" className={styles.message} title={direction ? undefined : row.preview}>
            {row.flags === 0 ? null : <Flags flags={row.flags} />}
            {direction ? <Preview text={row.preview} /> : row.preview}
          </span>
        </>
      ) : (
        <span role="gridcell" className={styles.pending} />
      )}
    </div>
  );
});
