import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { type DialogState, type RenameTarget, showDialog } from '../../client/dialogs-store.ts';
import { renameStored } from '../../client/stored-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { TextField } from '../../ui/field.tsx';

const maxName = 120;

interface RenameDialogProps {
  readonly session: RenameTarget;
  readonly back: DialogState | undefined;
}

/** Gives a session a name, which is kept in its file. */
export function RenameDialog({ session, back = { kind: 'none' } }: RenameDialogProps) {
  const services = useServices();
  const [name, setName] = useState(session.name);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const isEmpty = name.trim() === '';
  const close = () => showDialog(services.dialogs, back);
  const rename = async () => {
    if (isEmpty || busy) return;
    setBusy(true);
    const renamed = await renameStored(services, session, name.trim());
    setBusy(false);
    if (renamed.ok) close();
    else setFailure(renamed.error);
  };
  return (
    <Dialog
      title="Rename session"
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" disabled={isEmpty || busy} onClick={() => void rename()}>
            Rename
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <TextField
          label="Name"
          value={name}
          maxLength={maxName}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={setName}
          error={isEmpty ? 'a session has a name' : undefined}
          help="A session that was given a name is never deleted by itself."
        />
      </form>
      {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
    </Dialog>
  );
}
