import type { StoredSession } from '#shared/contract/models.ts';
import { type DialogState, showDialog } from '../../client/dialogs-store.ts';
import { deleteStored } from '../../client/stored-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText } from '../../ui/figures.ts';
import { recordsText } from './session-words.ts';
import { strings } from './strings.ts';

const { delete: words } = strings;

interface DeleteDialogProps {
  readonly session: StoredSession;
  readonly back: DialogState | undefined;
}

/** Confirms the deletion of a recording, which cannot be undone. */
export function DeleteDialog({ session, back = { kind: 'none' } }: DeleteDialogProps) {
  const services = useServices();
  const close = () => showDialog(services.dialogs, back);
  const remove = () => {
    close();
    void deleteStored(services, session);
  };
  const content = [recordsText(session), bytesText(session.fileBytes)].filter(Boolean).join(', ');
  return (
    <Dialog
      title={words.title(shownText(session.name))}
      onClose={close}
      actions={
        <>
          <Button onClick={close} autoFocus>
            {words.keep}
          </Button>
          <Button variant="danger" onClick={remove}>
            {words.delete}
          </Button>
        </>
      }
    >
      <p>{words.text(content)}</p>
    </Dialog>
  );
}
