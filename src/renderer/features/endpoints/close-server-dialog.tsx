import { closeDialog } from '../../client/dialogs-store.ts';
import { closeTab, closeTabEndpoint } from '../../client/endpoint-commands.ts';
import { endpointTabOf } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { countOf } from '../../ui/figures.ts';

/** Closing the tab of a listening server: stop it, or let it go on in the side bar. */
export function CloseServerDialog({ tab }: { readonly tab: string }) {
  const services = useServices();
  const endpoint = endpointTabOf(services.tabs.getState(), tab)?.endpoint;
  const view = useLive((live) => (endpoint === undefined ? undefined : live.endpoints.get(endpoint)));
  const close = () => closeDialog(services.dialogs);
  const stop = async () => {
    close();
    await closeTabEndpoint(services, tab);
    await closeTab(services, tab);
  };
  const keep = () => {
    close();
    void closeTab(services, tab);
  };
  return (
    <Dialog
      title="This server is listening"
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button onClick={keep}>Keep it running</Button>
          <Button variant="danger" onClick={() => void stop()}>
            Stop server and close tab
          </Button>
        </>
      }
    >
      <p>
        {view?.config.name} listens on {view?.address} with {countOf(view?.peers ?? 0, 'peer')}. Stopping it closes
        their connections; kept running, it stays in the side bar.
      </p>
    </Dialog>
  );
}
