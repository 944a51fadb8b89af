import type { StoredSession } from '#shared/contract/models.ts';
import { type DialogState, showDialog } from '../../client/dialogs-store.ts';
import { deleteStored } from '../../client/stored-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText } from '../../ui/figures.ts';
import { recordsText } from './session-words.ts';

interface DeleteDialogProps {
  readonly session: StoredSession;
  readonly back: DialogState | undefined;
}

/** Asks before a recording is lost: it cannot be undone. */
export function DeleteDialog({ session, back = { kind: 'none' } }: DeleteDialogProps) {
  const services = useServices();
  const close = () => showDialog(services.dialogs, back);
  const remove = () => {
    close();
    void deleteStored(services, session);
  };
  const holds = [recordsText(session), bytesText(session.fileBytes)].filter(Boolean).join(', ');
  return (
    <Dialog
      title={`Delete “${shownText(session.name)}”?`}
      onClose={close}
      actions={
        <>
          <Button onClick={close} autoFocus>
            Keep it
          </Button>
          <Button variant="danger" onClick={remove}>
            Delete session
          </Button>
        </>
      }
    >
      <p>The recording ({holds}) is deleted from the disk. This cannot be undone.</p>
    </Dialog>
  );
}
