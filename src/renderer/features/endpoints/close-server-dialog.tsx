import { closeDialog } from '../../state/dialogs.ts';
import { closeTab, closeTabEndpoint } from '../../state/endpoint-commands.ts';
import { useLive, useServices } from '../../state/services.ts';
import { endpointTabOf } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { strings } from './strings.ts';

const { closeServer: words } = strings;

/** Confirms closing the tab of a listening server: stop the server, or keep it running. */
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
      title={words.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{words.cancel}</Button>
          <Button onClick={keep}>{words.keep}</Button>
          <Button variant="danger" onClick={() => void stop()}>
            {words.stop}
          </Button>
        </>
      }
    >
      {view ? <p>{words.text(view.config.name, view.address, view.peers)}</p> : null}
    </Dialog>
  );
}
