import { callsOf } from '#shared/socket/calls.ts';
import type { Selection } from '../../client/selection-store.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './inspector.module.css';

/** The calls of the Berkeley interface behind a record, as Python writes them. */
export function CallsView({ selection: { row, info } }: { readonly selection: Selection }) {
  const calls = callsOf(row, info);
  return (
    <div className={styles.calls}>
      <div className={styles.callsHead}>
        <p>What a Python program would call, and what it does:</p>
        <CopyButton label="Copy calls" text={() => calls.map(({ call }) => call).join('\n')} />
      </div>
      <ol className={styles.callList}>
        {calls.map(({ call, explains }) => (
          <li key={call} className={styles.call}>
            <code>{call}</code>
            <p>{explains}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}
