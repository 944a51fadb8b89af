import { Lock } from 'lucide-react';
import type { SessionTab } from '../client/tabs-store.ts';
import { useLive } from '../client/use-services.ts';
import { Empty } from '../ui/empty.tsx';
import { shownText } from '../ui/escape-symbol.ts';
import { FailureBox } from '../ui/failure-box.tsx';
import { Records } from './records.tsx';
import styles from './shell.module.css';

/** A saved session, read-only. */
export function SessionPage({ tab }: { readonly tab: SessionTab }) {
  const session = useLive((live) => live.sessions.get(tab.session));
  if (!session) return <Empty title="This session is closed" />;
  return (
    <div className={styles.sessionPage}>
      <p className={styles.readOnly}>
        <Lock size={14} aria-hidden />
        <span title={session.path}>
          <strong>{shownText(session.name)}</strong> is a recorded session, opened read-only.
        </span>
      </p>
      {session.error ? <FailureBox failure={session.error} /> : null}
      <div className={styles.fill}>
        <Records key={tab.id} tab={tab.id} session={session} />
      </div>
    </div>
  );
}
