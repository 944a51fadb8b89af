import { callsOf } from '#shared/calls/calls.ts';
import type { Selection } from '../../client/selection-store.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { countOf, countText, momentText } from '../../ui/figures.ts';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import styles from './inspector.module.css';
import { type ReadPart, readsText } from './reads.ts';
import { useHandshake } from './use-handshake.ts';
import { useWholeLength } from './use-whole-length.ts';

interface CallsViewProps {
  readonly selection: Selection;
  readonly reads: readonly ReadPart[];
}

/** More reads than these are not listed one by one. */
const maxListed = 200;

/** The calls of the Berkeley interface behind a record, as Python writes them. */
export function CallsView({ selection, reads }: CallsViewProps) {
  const { row, info } = selection;
  const whole = useWholeLength(selection);
  const messages = useHandshake(selection);
  const request = messages.find(({ lines }) => !lines[0]?.startsWith('HTTP/'))?.lines ?? [];
  const calls = callsOf(row, info, { reads, whole, request });
  return (
    <div className={styles.calls}>
      <div className={styles.callsHead}>
        <p>Equivalent Python calls</p>
        <CopyButton label="Copy calls" text={() => calls.map(({ call }) => call).join('\n')} />
      </div>
      <ol className={styles.callList}>
        {calls.map(({ call, explains }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two reads may be the same call; the list never changes its order.
          <li key={index} className={styles.call}>
            <code>{call}</code>
            <p>{explains}</p>
          </li>
        ))}
      </ol>
      {row.event?.kind === 'secured' ? <SecurityFacts event={row.event} /> : null}
      {reads.length > 1 ? (
        <>
          <p>The message {readsText(reads)}. What each recv() gave of it:</p>
          <ol className={styles.readList}>
            {reads.slice(0, maxListed).map(({ from, length, at }) => (
              <li key={from}>
                <span className={styles.readSize}>{countOf(length, 'byte')}</span>
                <span>at offset {countText(from)}</span>
                <span className={styles.when}>{momentText(at)}</span>
              </li>
            ))}
          </ol>
          {reads.length > maxListed ? <p>… and {countText(reads.length - maxListed)} more.</p> : null}
        </>
      ) : null}
    </div>
  );
}
