import { callsOf } from '#shared/calls/calls.ts';
import type { Selection } from '../../client/selection-store.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { momentText } from '../../ui/figures.ts';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import styles from './inspector.module.css';
import type { ReadPart } from './reads.ts';
import { strings } from './strings.ts';
import { useHandshake } from './use-handshake.ts';
import { useWholeLength } from './use-whole-length.ts';

const texts = strings.callsView;

interface CallsViewProps {
  readonly selection: Selection;
  readonly reads: readonly ReadPart[];
}

/** Maximum number of reads listed. */
const maxListed = 200;

/** The Berkeley socket calls of a record, in Python. */
export function CallsView({ selection, reads }: CallsViewProps) {
  const { row, info } = selection;
  const whole = useWholeLength(selection);
  const messages = useHandshake(selection);
  const request = messages.find(({ lines }) => !lines[0]?.startsWith('HTTP/'))?.lines ?? [];
  const calls = callsOf(row, info, { reads, whole, request });
  return (
    <div className={styles.calls}>
      <div className={styles.callsHead}>
        <p>{texts.title}</p>
        <CopyButton label={texts.copy} text={() => calls.map(({ call }) => call).join('\n')} />
      </div>
      <ol className={styles.callList}>
        {calls.map(({ call, explains }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two reads may have the same call; the order of the list never changes.
          <li key={index} className={styles.call}>
            <code>{call}</code>
            <p>{explains}</p>
          </li>
        ))}
      </ol>
      {row.event?.kind === 'secured' ? <SecurityFacts event={row.event} /> : null}
      {reads.length > 1 ? (
        <>
          <p>{texts.reads}</p>
          <ol className={styles.readList}>
            {reads.slice(0, maxListed).map(({ from, length, at }) => (
              <li key={from}>
                <span className={styles.readSize}>{texts.size(length)}</span>
                <span>{texts.offset(from)}</span>
                <span className={styles.when}>{momentText(at)}</span>
              </li>
            ))}
          </ol>
          {reads.length > maxListed ? <p>{texts.more(reads.length - maxListed)}</p> : null}
        </>
      ) : null}
    </div>
  );
}
