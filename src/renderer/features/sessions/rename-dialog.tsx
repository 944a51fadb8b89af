import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { type DialogState, type RenameTarget, showDialog } from '../../client/dialogs-store.ts';
import { renameStored } from '../../client/stored-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { TextField } from '../../ui/field.tsx';
import { strings } from './strings.ts';

const { rename: words } = strings;

const maxName = 120;

interface RenameDialogProps {
  readonly session: RenameTarget;
  readonly back: DialogState | undefined;
}

/** Renames a session. The name is stored in its file. */
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
      title={words.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" disabled={isEmpty || busy} onClick={() => void rename()}>
            {words.rename}
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
          label={words.name}
          value={name}
          maxLength={maxName}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={setName}
          error={isEmpty ? words.nameError : undefined}
          help={words.help}
        />
      </form>
      {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
    </Dialog>
  );
}
