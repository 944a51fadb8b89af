import type { EndpointView } from '#shared/contract/models.ts';
import { changeForm, isOpenState, openTabEndpoint } from '../../client/endpoint-commands.ts';
import { type EndpointTab, withEndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';

interface EndpointFailureProps {
  readonly tab: EndpointTab;
  readonly view: EndpointView | undefined;
}

/** Why it did not open, or how it ended; with a free port where the wanted one is taken. */
export function EndpointFailure({ tab, view }: EndpointFailureProps) {
  const services = useServices();
  const failure = tab.failure ?? (isOpenState(view) ? undefined : view?.error);
  if (!failure || tab.busy) return null;
  const { freePort } = failure;
  const dismiss = () => services.tabs.setState((state) => withEndpointTab(state, tab.id, { failure: undefined }));
  return (
    <FailureBox failure={failure} onDismiss={tab.failure && !view?.error ? dismiss : undefined}>
      {freePort === undefined ? null : (
        <Button
          small
          onClick={() => {
            changeForm(services, tab.id, { port: String(freePort) });
            void openTabEndpoint(services, tab.id);
          }}
        >
          Use port {freePort}
        </Button>
      )}
    </FailureBox>
  );
}
