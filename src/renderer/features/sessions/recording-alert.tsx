import { useState } from 'react';
import type { SessionView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { recordingOf } from '../../client/live-store.ts';
import { retryRecording, selectRecordingPlace } from '../../client/stored-commands.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { countOf } from '../../ui/figures.ts';
import styles from './recording-alert.module.css';

/** Says, for as long as it is so, that the session can no longer be written, and offers the two ways out. */
export function RecordingAlert() {
  const session = useLive(recordingOf);
  if (session?.state !== 'failed' || !session.error) return null;
  return <FailedRecording key={session.id} session={session} failure={session.error} />;
}

interface FailedRecordingProps {
  readonly session: SessionView;
  readonly failure: Failure;
}

/** One failure of the recording: the attempts are those since it failed. */
function FailedRecording({ session, failure }: FailedRecordingProps) {
  const services = useServices();
  const [busy, setBusy] = useState(false);
  /** Attempts that failed too, and why the last one did. */
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
          {session.total === 0
            ? 'What happens from now on waits in memory'
            : `${countOf(session.total, 'record')} ${session.total === 1 ? 'was' : 'were'} written before. What happens from now on waits in memory`}
          ; when 32 MiB wait, nothing more is read from the sockets until recording goes on.
        </p>
        {again ? (
          <p className={styles.kept}>
            Tried again{again.times === 1 ? '' : ` ${countOf(again.times, 'time')}`}, without success: {again.system}.
          </p>
        ) : null}
        <Button small variant="primary" disabled={busy} onClick={() => void retry()}>
          Try again
        </Button>
        <Button small onClick={() => void selectRecordingPlace(services)}>
          Choose another place…
        </Button>
      </FailureBox>
    </div>
  );
}
