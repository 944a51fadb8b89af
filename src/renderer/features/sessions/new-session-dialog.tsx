import { closeDialog } from '../../client/dialogs-store.ts';
import { newSession, openParts } from '../../client/new-session.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { countOf } from '../../ui/figures.ts';

/** Asks before a new session closes what is open. */
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
      title="Start a new session?"
      onClose={close}
      actions={
        <>
          <Button onClick={close} autoFocus>
            Cancel
          </Button>
          <Button variant="danger" onClick={start}>
            Close connections and start
          </Button>
        </>
      }
    >
      <p>
        {countOf(endpoints, 'endpoint')} and {countOf(connections, 'connection')} are open. A new session closes them
        first. The present session is kept.
      </p>
    </Dialog>
  );
}
