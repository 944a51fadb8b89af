import { type KeyboardEvent, type PointerEvent, type Ref, useEffect, useId, useState } from 'react';
import { limitMarks } from '#shared/bytes/clusters.ts';
import { toHex } from '#shared/bytes/hex.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { messageFlagWords } from '../../state/message-flag-words.ts';
import { useServices } from '../../state/services.ts';
import { clockText, escapeSymbols, momentText, shortAddress, shownText } from '../../ui/text.ts';
import { moveByKey, VirtualList } from '../../ui/virtual-list.tsx';
import styles from './history.module.css';
import { indexOfRecord, type SentMessage } from './sent-messages.ts';
import { strings } from './strings.ts';

const texts = strings.row;
const rowHeight = 24;

/** The row with the keyboard's cursor, and the selected ones, in the order of their selection: two at most. By record number. */
export interface SentSelection {
  readonly cursor: number | undefined;
  readonly selected: readonly number[];
}

export const noSelection: SentSelection = { cursor: undefined, selected: [] };

/** Returns the selection with record `seq` added, or removed; the one selected first makes room for a third. */
function toggled({ selected }: SentSelection, seq: number): SentSelection {
  const others = selected.filter((other) => other !== seq);
  return { cursor: seq, selected: others.length < selected.length ? others : [...others, seq].slice(-2) };
}

interface SentListProps {
  readonly session: string;
  readonly messages: readonly SentMessage[];
  readonly selection: SentSelection;
  readonly onSelect: (selection: SentSelection) => void;
  /** Called with the Enter key. */
  readonly onEnter: () => void;
  readonly ref?: Ref<HTMLDivElement>;
}

/**
 * The sent messages. Arrow keys, Home, End and Page keys select; with Ctrl they move without selecting, with Shift they select a second
 * message. Space adds the row to the selection or removes it.
 */
export function SentList({ session, messages, selection, onSelect, onEnter, ref }: SentListProps) {
  const id = useId();
  const at = selection.cursor === undefined ? -1 : indexOfRecord(messages, selection.cursor);
  const isSelected = ({ row, first }: SentMessage) => selection.selected.some((seq) => first <= seq && seq <= row.seq);
  const onKeyDown = (event: KeyboardEvent) => {
    const here = messages[at];
    const viewport = event.currentTarget.clientHeight;
    const to = moveByKey(event.key, at, { total: messages.length, rowHeight, viewport });
    const target = to === undefined ? undefined : messages[to];
    if (target) {
      const { seq } = target.row;
      if (event.ctrlKey || event.metaKey) onSelect({ ...selection, cursor: seq });
      else if (event.shiftKey && here && here !== target) onSelect({ cursor: seq, selected: [here.row.seq, seq] });
      else onSelect({ cursor: seq, selected: [seq] });
    } else if (event.key === ' ' && here) onSelect(toggled(selection, here.row.seq));
    else if (event.key === 'Enter') onEnter();
    else return;
    event.preventDefault();
  };
  const onPointerDown = (event: PointerEvent, { row: { seq } }: SentMessage) => {
    if (event.button !== 0) return;
    onSelect(event.ctrlKey || event.metaKey ? toggled(selection, seq) : { cursor: seq, selected: [seq] });
  };
  return (
    <div
      ref={ref}
      role="listbox"
      tabIndex={0}
      aria-label={strings.list}
      aria-multiselectable
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      className={styles.rows}
      onKeyDown={onKeyDown}
    >
      <VirtualList
        total={messages.length}
        rowHeight={rowHeight}
        reveal={at < 0 ? undefined : at}
        tabIndex={-1}
        renderRow={(index) => {
          const message = messages[index];
          return message ? (
            <div
              id={`${id}-${index}`}
              role="option"
              aria-selected={isSelected(message)}
              aria-setsize={messages.length}
              aria-posinset={index + 1}
              data-cursor={index === at || undefined}
              className={styles.row}
              onPointerDown={(event) => onPointerDown(event, message)}
            >
              <SentRow session={session} message={message} />
            </div>
          ) : null;
        }}
      />
    </div>
  );
}

/** The time, the endpoint and peer, the length and the beginning of a message. */
function SentRow({ session, message }: { readonly session: string; readonly message: SentMessage }) {
  const { row, info, count, sockets } = message;
  const isEmpty = row.length <= row.head + row.tail;
  return (
    <>
      <span className={styles.number}>{texts.number(row.seq)}</span>
      <span title={momentText(row.at)}>{clockText(row.at)}</span>
      <span className={styles.peer} title={info ? shownText(`${info.local} — ${info.peer}`) : undefined}>
        {info?.name ? <span className={styles.name}>{shownText(info.name)} </span> : null}
        {sockets.length > 1 ? texts.sockets(sockets.length) : peerText(info)}
      </span>
      <span className={styles.length} title={texts.lengthHelp(row.length)}>
        {texts.length(row.length)}
      </span>
      <span className={styles.preview}>
        {count > 1 ? (
          <span className={styles.badge} title={texts.timesHelp(count)}>
            {texts.times(count)}
          </span>
        ) : null}
        {messageFlagWords(row.flags).map(({ word, title }) => (
          <span key={word} className={styles.badge} title={title}>
            {word}
          </span>
        ))}
        {isEmpty ? <span className={styles.badge}>{texts.empty}</span> : null}
        {isBinary(row.preview) ? <HexStart session={session} message={message} /> : previewText(row.preview)}
      </span>
    </>
  );
}

function peerText(info: SocketInfo | undefined): string {
  return info ? shownText(shortAddress(info.peer)) : '';
}

/** The preview has bytes that are not text, or NUL. */
function isBinary(preview: string): boolean {
  return /[\ufffd\u2400]/.test(preview);
}

/** No row is wide enough for more. */
const maxShown = 320;
const hexShown = 48;

function previewText(preview: string): string {
  return escapeSymbols(limitMarks(preview.slice(0, maxShown)));
}

/** The first bytes of a binary message in hex, fetched while its row is on screen. */
function HexStart({ session, message: { row } }: { readonly session: string; readonly message: SentMessage }) {
  const { client } = useServices();
  const { seq, head, tail, length, preview } = row;
  const [start, setStart] = useState<{ readonly seq: number; readonly bytes: Uint8Array }>();
  useEffect(() => {
    let isCurrent = true;
    const size = Math.min(hexShown, Math.max(0, length - head - tail));
    void client.call('sessions.payload', { session, seq, from: head, length: size }).then((answer) => {
      if (isCurrent && answer.ok) setStart({ seq, bytes: answer.value.bytes });
    });
    return () => {
      isCurrent = false;
    };
  }, [client, session, seq, head, tail, length]);
  // The text until then, and where the bytes cannot be read.
  if (start?.seq !== seq) return previewText(preview);
  const isShortened = start.bytes.length < length - head - tail;
  return texts.hex(`${toHex(start.bytes, ' ')}${isShortened ? ' …' : ''}`);
}
