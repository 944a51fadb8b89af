import { closeDialog } from '../../client/dialogs-store.ts';
import { newSession, openParts } from '../../client/new-session.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { strings } from './strings.ts';

const { newSession: words } = strings;

/** Confirms that a new session closes the open endpoints and connections. */
export function NewSessionDialog() {
  const services = useServices();
  const endpoints = useLive((live) => openParts(live).endpoints.length);
  const connections = useLive((live) => openParts(live).connections.length);
  const close = () => closeDialog(services.dialogs);
  const start = () => {
    close();
    void newSession(services);
  };
  return (
    <Dialog
      title={words.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close} autoFocus>
            {strings.cancel}
          </Button>
          <Button variant="danger" onClick={start}>
            {words.start}
          </Button>
        </>
      }
    >
      <p>{words.text(endpoints, connections)}</p>
    </Dialog>
  );
}
