import { Check, X } from 'lucide-react';
import { messageFlags } from '#shared/message/flags.ts';
import type { ChecksumVerdict } from '#shared/record/record.ts';
import { messageFlagWords } from '../../state/message-flag-words.ts';
import { classes, shownText } from '../../ui/text.ts';
import { strings } from './strings.ts';
import styles from './traffic-grid.module.css';

const texts = strings.grid;

interface ChecksumMarkProps {
  readonly verdict: ChecksumVerdict;
  readonly spelling: string;
}

/** The verdict on the checksum of a received message. */
export function ChecksumMark({ verdict, spelling }: ChecksumMarkProps) {
  const Icon = verdict === 'ok' ? Check : X;
  const label = texts.checksum[verdict];
  return (
    <span className={classes(styles.checksum, styles[verdict])} title={texts.checksumHelp(label, shownText(spelling))}>
      <Icon size={12} role="img" aria-label={label} />
    </span>
  );
}

/** The type of a WebSocket message, and the flags of a message in words. */
export function Flags({ flags, isWebSocket }: { readonly flags: number; readonly isWebSocket: boolean }) {
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
