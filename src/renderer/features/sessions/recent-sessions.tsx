import { useId } from 'react';
import type { StoredSession } from '#shared/contract/models.ts';
import { showDialog } from '../../client/dialogs-store.ts';
import { recordingOf } from '../../client/live-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { useStored } from '../../client/use-stored.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import styles from './recent-sessions.module.css';
import { SessionEntry } from './session-entry.tsx';
import { usedText } from './session-words.ts';

/** How many the start page lists. */
const shown = 5;

/** `sessions` without the one being recorded while nothing has happened in it. */
export function worthListing(sessions: readonly StoredSession[], liveTotal: number): readonly StoredSession[] {
  return liveTotal > 0 ? sessions : sessions.filter(({ state }) => state !== 'recording');
}

/** The last sessions, the newest first, those that a crash left among them. */
export function RecentSessions() {
  const { dialogs } = useServices();
  const titleId = useId();
  const { loaded, sessions, failure } = useStored();
  const hasRecords = useLive((live) => (recordingOf(live)?.total ?? 0) > 0);
  if (!loaded) return null;
  const listed = worthListing(sessions, hasRecords ? 1 : 0);
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          Recent sessions
        </h2>
        <span className={styles.used}>{listed.length > 0 ? usedText(listed) : ''}</span>
        {listed.length > shown ? (
          <Button small onClick={() => showDialog(dialogs, { kind: 'stored-sessions' })}>
            Show all
          </Button>
        ) : null}
        <Button small variant="ghost" onClick={() => showDialog(dialogs, { kind: 'settings' })}>
          What is kept…
        </Button>
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      {listed.length === 0 && !failure ? (
        <p className={styles.none}>
          Nothing was recorded yet. Each run of Wirebench is recorded by itself, and appears here when something has
          happened in it.
        </p>
      ) : null}
      {listed.length > 0 ? (
        <ul className={styles.list} aria-label="Recent sessions">
          {listed.slice(0, shown).map((session) => (
            <li key={session.path}>
              <SessionEntry session={session} explained />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
