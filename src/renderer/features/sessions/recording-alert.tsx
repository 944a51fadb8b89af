import { useState } from 'react';
import type { SessionView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { recordingOf } from '../../bridge/live-store.ts';
import { useLive, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import styles from './session-entry.module.css';
import { retryRecording, selectRecordingPlace } from './stored-commands.ts';
import { strings } from './strings.ts';

const { alert: words } = strings;

/** Shows that the session cannot be written, with buttons to retry and to record to a different file. */
export function RecordingAlert() {
  const session = useLive(recordingOf);
  if (session?.state !== 'failed' || !session.error) return null;
  return <FailedRecording key={session.id} session={session} failure={session.error} />;
}

interface FailedRecordingProps {
  readonly session: SessionView;
  readonly failure: Failure;
}

/** One failure of the recording, with the attempts since then. */
function FailedRecording({ session, failure }: FailedRecordingProps) {
  const services = useServices();
  const [busy, setBusy] = useState(false);
  /** The number of failed attempts, and why the last one failed. */
  const [again, setAgain] = useState<{ readonly times: number; readonly system: string }>();
  const retry = async () => {
    setBusy(true);
    const reason = await retryRecording(services);
    setAgain((before) => reason && { times: (before?.times ?? 0) + 1, system: reason.system });
    setBusy(false);
  };
  return (
    <div className={styles.alert}>
      <FailureBox failure={failure}>
        <p className={styles.kept}>
          {session.total === 0 ? '' : words.written(session.total)}
          {words.waiting}
        </p>
        {again ? <p className={styles.kept}>{words.failedAgain(again.times, again.system)}</p> : null}
        <Button small variant="primary" disabled={busy} onClick={() => void retry()}>
          {words.retry}
        </Button>
        <Button small onClick={() => void selectRecordingPlace(services)}>
          {words.selectPlace}
        </Button>
      </FailureBox>
    </div>
  );
}
