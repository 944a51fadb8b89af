import type { ReactNode } from 'react';
import { messageFlags } from '#shared/message/flags.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { messageFlagWords } from '../../client/message-flag-words.ts';
import type { Selection } from '../../client/selection-store.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { momentText } from '../../ui/figures.ts';
import styles from './inspector.module.css';
import { type ReadPart, readsText } from './reads.ts';
import { strings } from './strings.ts';

const texts = strings.heading;

interface HeadingProps {
  readonly selection: Selection;
  readonly reads: readonly ReadPart[];
  /** Buttons for the record. */
  readonly children: ReactNode;
}

/** The number, length, reads, time and sockets of a record. */
export function Heading({ selection: { row, info }, reads, children }: HeadingProps) {
  const isMessage = row.kind === 'in' || row.kind === 'out';
  return (
    <div className={styles.heading}>
      <div className={styles.title}>
        <span className={styles.record}>{texts.number(row.seq)}</span>
        <span>
          {row.kind === 'in' ? texts.received(row.length) : row.kind === 'out' ? texts.sent(row.length) : row.kind}
        </span>
        {children}
      </div>
      {isMessage && (info?.transport === 'ws' || info?.transport === 'wss') ? (
        <span title={texts.webSocketType}>
          {(row.flags & messageFlags.text) !== 0 ? texts.textMessage : texts.binaryMessage}
        </span>
      ) : null}
      {row.kind === 'in' && info?.transport === 'udp' ? <span title={texts.datagramHelp}>{texts.datagram}</span> : null}
      {row.kind === 'in' && info?.framing === 'raw' && !abilitiesOf(info.transport).messageOriented ? (
        <span title={texts.rawHelp}>{texts.raw}</span>
      ) : null}
      {isMessage
        ? messageFlagWords(row.flags).map(({ word, title }) => (
            <span key={word} title={title}>
              {word}
            </span>
          ))
        : null}
      {isMessage ? <span title={texts.offsetHelp}>{texts.offset(row.offset)}</span> : null}
      {reads.length > 0 ? (
        <span className={styles.reads} title={texts.readsHelp}>
          {readsText(reads)}
        </span>
      ) : null}
      <span className={styles.when}>{momentText(row.at)}</span>
      {info ? <span className={styles.peer}>{shownText(`${info.name} ${info.peer || info.local}`)}</span> : null}
    </div>
  );
}
