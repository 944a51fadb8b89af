import { useId } from 'react';
import { showDialog } from '../../state/dialogs.ts';
import { useServices, useStored } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import styles from './recent-sessions.module.css';
import { SessionEntry, usedText } from './session-entry.tsx';
import { strings } from './strings.ts';

/** Number of sessions that the start page lists. */
const shown = 5;

/** The most recent sessions, newest first, including those left by a crash. */
export function RecentSessions() {
  const { dialogs } = useServices();
  const titleId = useId();
  const { loaded, sessions, failure } = useStored();
  if (!loaded) return null;
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {strings.recent.title}
        </h2>
        <span className={styles.used}>{sessions.length > 0 ? usedText(sessions) : ''}</span>
        {sessions.length > shown ? (
          <Button small onClick={() => showDialog(dialogs, { kind: 'stored-sessions' })}>
            {strings.recent.showAll}
          </Button>
        ) : null}
        <Button small variant="ghost" onClick={() => showDialog(dialogs, { kind: 'settings' })}>
          {strings.retention}
        </Button>
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      {sessions.length === 0 && !failure ? <p className={styles.none}>{strings.recent.none}</p> : null}
      {sessions.length > 0 ? (
        <ul className={styles.list} aria-label={strings.recent.title}>
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
