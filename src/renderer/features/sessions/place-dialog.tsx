import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { recordingOf } from '../../client/live-store.ts';
import { moveRecording } from '../../client/stored-commands.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { TextField } from '../../ui/field.tsx';
import styles from './place-dialog.module.css';

/** Asks for the path of the file to record to, where the host has no file dialogs: the engine is on this machine. */
export function PlaceDialog() {
  const services = useServices();
  const current = useLive((live) => recordingOf(live)?.path ?? '');
  const [path, setPath] = useState(current);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const isSame = path.trim() === '' || path.trim() === current;
  const close = () => closeDialog(services.dialogs);
  const move = async () => {
    if (isSame || busy) return;
    setBusy(true);
    setFailure(undefined);
    const moved = await moveRecording(services, path.trim());
    setBusy(false);
    if (moved.ok) close();
    else setFailure(moved.error);
  };
  return (
    <Dialog
      title="Record the session in another place"
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" disabled={isSame || busy} onClick={() => void move()}>
            Move and record there
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void move();
        }}
      >
        <TextField
          label="Path of the file"
          mono
          value={path}
          maxLength={4_096}
          autoFocus
          onChange={setPath}
          help="On the machine that Wirebench runs on. A folder will do: the file keeps its name. All that was recorded moves with it."
        />
      </form>
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}
