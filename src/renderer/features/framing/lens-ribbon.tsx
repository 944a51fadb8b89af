import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from 'react';
import { toHex } from '#shared/bytes/hex.ts';
import { type MessagePart, partAt, type StreamPart } from '#shared/framing/stream-parts.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { classes, momentText } from '../../ui/text.ts';
import type { Flow, FlowWindow } from './lens-data.ts';
import styles from './lens-ribbon.module.css';
import { strings } from './strings.ts';

const { lens: words } = strings;

/** The width of one byte, in pixels. */
const cell = 18;
/** Bytes drawn beyond each edge. */
const margin = 32;

interface LensRibbonProps {
  readonly window: FlowWindow;
  readonly messages: readonly MessagePart[];
  readonly direction: Flow['direction'];
}

/** Which part of the ribbon is visible. `begin`: the byte that is visible first. */
function useRibbonScroll(begin: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ left: 0, width: 0 });
  const look = () => {
    const element = scroller.current;
    if (element) setView({ left: element.scrollLeft, width: element.clientWidth });
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollLeft = Math.max(0, begin - 2) * cell;
    const measure = () => setView({ left: element.scrollLeft, width: element.clientWidth });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [begin]);
  const reveal = (at: number) => {
    const element = scroller.current;
    if (!element) return;
    const { scrollLeft, clientWidth } = element;
    if (at * cell < scrollLeft) element.scrollLeft = at * cell;
    else if ((at + 1) * cell > scrollLeft + clientWidth) element.scrollLeft = (at + 1) * cell - clientWidth;
  };
  const first = Math.max(0, Math.floor(view.left / cell) - margin);
  return { scroller, look, reveal, first, end: Math.ceil((view.left + view.width) / cell) + margin };
}

/** One ribbon of bytes: the reads above it, the messages below it. The byte under the pointer is found in both. */
export function LensRibbon({ window, messages, direction }: LensRibbonProps) {
  const { bytes, reads } = window;
  const [at, setAt] = useState(window.at);
  const { scroller, look, reveal, first, end } = useRibbonScroll(window.at);
  const last = bytes.length - 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const to = stepTo(event.key, at, messages, bytes.length);
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(0, to), last);
    setAt(next);
    reveal(next);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const to = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / cell);
    if (to >= 0 && to <= last) setAt(to);
  };
  const [readAt, messageAt] = [partAt(reads, at), partAt(messages, at)];
  const unit = words.reads[direction];
  const drawn = { first, end: Math.min(bytes.length, end) };
  return (
    <div className={styles.lens}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="slider"
        aria-label={words.ribbon}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={at}
        aria-valuetext={words.place(at, unit, readAt + 1, messageAt + 1)}
        tabIndex={0}
        onScroll={look}
        onKeyDown={onKeyDown}
      >
        <div className={styles.ribbon} style={{ width: bytes.length * cell }} onPointerMove={onPointerMove}>
          <Band parts={reads} {...drawn} chosen={readAt} className={styles.read} unit={unit} />
          <Bytes bytes={bytes} {...drawn} at={at} />
          <Band parts={messages} {...drawn} chosen={messageAt} className={styles.message} unit={words.message} />
        </div>
      </div>
      <Legend window={window} messages={messages} direction={direction} at={at} />
    </div>
  );
}

interface BytesProps {
  readonly bytes: Uint8Array;
  readonly first: number;
  readonly end: number;
  readonly at: number;
}

function Bytes({ bytes, first, end, at }: BytesProps) {
  return (
    <div className={styles.bytes}>
      {Array.from(bytes.subarray(first, end), (byte, index) => {
        const offset = first + index;
        return (
          <span
            key={offset}
            className={classes(styles.byte, offset === at && styles.here)}
            style={{ left: offset * cell, width: cell }}
          >
            {byteText(byte)}
          </span>
        );
      })}
    </div>
  );
}

/** Returns the byte that a key moves to; `undefined` for other keys. */
function stepTo(key: string, at: number, messages: readonly MessagePart[], length: number): number | undefined {
  const message = partAt(messages, at);
  switch (key) {
    case 'ArrowRight':
      return at + 1;
    case 'ArrowLeft':
      return at - 1;
    case 'PageDown':
      return messages[message]?.to ?? at;
    case 'PageUp':
      return messages[Math.max(0, message - 1)]?.from ?? at;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}

/** Returns a byte as it is shown: printable ASCII, or two hex digits. */
function byteText(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? '␣' : toHex(Uint8Array.of(byte));
}

interface BandProps {
  readonly parts: readonly StreamPart[];
  /** The bytes to draw. */
  readonly first: number;
  readonly end: number;
  /** The index of the part that has the byte under the pointer. */
  readonly chosen: number;
  readonly className: string | undefined;
  readonly unit: string;
}

function Band({ parts, first, end, chosen, className, unit }: BandProps) {
  const drawn: { readonly part: StreamPart; readonly index: number }[] = [];
  for (let index = Math.max(0, partAt(parts, first)); index < parts.length; index += 1) {
    const part = parts[index];
    if (!part || part.from >= end) break;
    drawn.push({ part, index });
  }
  return (
    <div className={styles.band}>
      {drawn.map(({ part: { from, to }, index }) => (
        <div
          key={from}
          title={words.part(unit, index + 1, to - from)}
          className={classes(
            styles.part,
            className,
            index % 2 === 1 && styles.other,
            index === chosen && styles.chosen,
          )}
          style={{ left: from * cell, width: (to - from) * cell }}
        >
          <span className={styles.label}>{words.part(unit, index + 1, to - from)}</span>
        </div>
      ))}
    </div>
  );
}

/** The read and the message of one byte, as a table. */
function Legend({ window, messages, direction, at }: LensRibbonProps & { readonly at: number }) {
  const { reads, start } = window;
  const readIndex = partAt(reads, at);
  const messageIndex = partAt(messages, at);
  const read = reads[readIndex];
  const message = messages[messageIndex];
  return (
    <table className={styles.table}>
      <caption>{words.byte(start + at)}</caption>
      <thead>
        <tr>
          <th />
          <th>{words.number}</th>
          <th>{words.offset}</th>
          <th>{words.length}</th>
          <th>{words.about}</th>
        </tr>
      </thead>
      <tbody>
        {read ? (
          <tr>
            <th scope="row">{words.reads[direction]}</th>
            <td>{readIndex + 1}</td>
            <td>{start + read.from}</td>
            <td>{read.to - read.from}</td>
            <td>{momentText(read.at)}</td>
          </tr>
        ) : null}
        {message ? (
          <tr>
            <th scope="row">{words.message}</th>
            <td>{messageIndex + 1}</td>
            <td>{start + message.from}</td>
            <td>{message.to - message.from}</td>
            <td>{aboutMessage(message, reads)}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

function aboutMessage({ from, to, head, tail, flags }: MessagePart, reads: FlowWindow['reads']): string {
  const parts = partAt(reads, to - 1) - partAt(reads, from) + 1;
  const isOpen = (flags & messageFlags.incomplete) !== 0;
  const isBad = (flags & messageFlags.malformed) !== 0;
  return [
    words.inReads(parts),
    head + tail > 0 ? words.framingBytes(head + tail) : '',
    isOpen ? words.incomplete : '',
    isBad ? words.malformed : '',
  ]
    .filter(Boolean)
    .join(', ');
}
