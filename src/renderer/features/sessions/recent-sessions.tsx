import { useId } from 'react';
import { showDialog } from '../../client/dialogs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { useStored } from '../../client/use-stored.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import styles from './recent-sessions.module.css';
import { SessionEntry } from './session-entry.tsx';
import { usedText } from './session-words.ts';

/** How many the start page lists. */
const shown = 5;

/** The last sessions, the newest first, those that a crash left among them. */
export function RecentSessions() {
  const { dialogs } = useServices();
  const titleId = useId();
  const { loaded, sessions, failure } = useStored();
  if (!loaded) return null;
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          Recent sessions
        </h2>
        <span className={styles.used}>{sessions.length > 0 ? usedText(sessions) : ''}</span>
        {sessions.length > shown ? (
          <Button small onClick={() => showDialog(dialogs, { kind: 'stored-sessions' })}>
            Show all
          </Button>
        ) : null}
        <Button small variant="ghost" onClick={() => showDialog(dialogs, { kind: 'settings' })}>
          What is kept…
        </Button>
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      {sessions.length === 0 && !failure ? (
        <p className={styles.none}>
          Nothing was recorded yet. Each run of Wirebench is recorded by itself, and appears here when something has
          happened in it.
        </p>
      ) : null}
      {sessions.length > 0 ? (
        <ul className={styles.list} aria-label="Recent sessions">
          {sessions.slice(0, shown).map((session) => (
            <li key={session.path}>
              <SessionEntry session={session} explained />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
