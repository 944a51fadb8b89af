import type { ReactNode } from 'react';
import { messageFlags } from '#shared/message/flags.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { messageFlagWords } from '../../client/message-flag-words.ts';
import type { Selection } from '../../client/selection-store.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { countOf, countText, momentText } from '../../ui/figures.ts';
import styles from './inspector.module.css';
import { type ReadPart, readsText } from './reads.ts';

interface HeadingProps {
  readonly selection: Selection;
  readonly reads: readonly ReadPart[];
  /** What can be done with the record. */
  readonly children: ReactNode;
}

/** Which record it is, how long, how it came, when and between whom. */
export function Heading({ selection: { row, info }, reads, children }: HeadingProps) {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  return (
    <div className={styles.heading}>
      <div className={styles.title}>
        <span className={styles.record}>#{countText(row.seq)}</span>
        <span>
          {isMessage ? `${row.kind === 'in' ? 'received' : 'sent'}, ${countOf(row.length, 'byte')}` : row.kind}
        </span>
        {children}
      </div>
      {isMessage && (info?.transport === 'ws' || info?.transport === 'wss') ? (
        <span title="The type that a WebSocket message is sent with: str or bytes">
          {(row.flags & messageFlags.text) !== 0 ? 'text message' : 'binary message'}
        </span>
      ) : null}
      {row.kind === 'in' && info?.transport === 'udp' ? <span title="As it was sent">one datagram</span> : null}
      {row.kind === 'in' && info?.framing === 'raw' && !abilitiesOf(info.transport).messageOriented ? (
        <span title="What one recv() gave. TCP keeps no borders between messages: the peer may have sent this in several pieces, or as part of more.">
          one read
        </span>
      ) : null}
      {isMessage
        ? messageFlagWords(row.flags).map(({ word, title }) => (
            <span key={word} title={title}>
              {word}
            </span>
          ))
        : null}
      {isMessage ? <span title="Where the message begins in the stream">offset {countText(row.offset)}</span> : null}
      {reads.length > 0 ? (
        <span className={styles.reads} title="What each recv() gave of this message. The framing put them together.">
          {readsText(reads)}
        </span>
      ) : null}
      <span className={styles.when}>{momentText(row.at)}</span>
      {info ? <span className={styles.peer}>{shownText(`${info.name} ${info.peer || info.local}`)}</span> : null}
    </div>
  );
}
