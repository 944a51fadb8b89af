import { Lightbulb, X } from 'lucide-react';
import { Group, type Layout, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { recordingOf } from '../client/live-store.ts';
import { isOpen, setLayout, sizeOf } from '../client/settings-store.ts';
import { type EndpointTab, withEndpointTab } from '../client/tabs-store.ts';
import { useLive, useServices, useSettings } from '../client/use-services.ts';
import { Composer } from '../features/composer/composer.tsx';
import { AddressBar } from '../features/endpoints/address-bar.tsx';
import { IconButton } from '../ui/button.tsx';
import { Records } from './records.tsx';
import styles from './shell.module.css';

/** The page of a server or client: address bar, traffic and composer. */
export function EndpointPage({ tab }: { readonly tab: EndpointTab }) {
  const { settings: store } = useServices();
  const settings = useSettings((state) => state);
  const session = useLive(recordingOf);
  const view = useLive(({ endpoints }) => (tab.endpoint === undefined ? undefined : endpoints.get(tab.endpoint)));
  const { messageOriented } = abilitiesOf(view?.config.transport ?? tab.form.transport);
  const isRaw = !messageOriented && (view ? view.config.framing.kind === 'raw' : tab.form.framing === 'raw');
  const note = isRaw ? 'No framing: each row is one recv(). A message may span several rows.' : undefined;
  const composer = usePanelRef();
  const remember = (_layout: Layout, { isUserInteraction }: { isUserInteraction: boolean }) => {
    if (isUserInteraction && composer.current) {
      setLayout(store, 'composer', Math.round(composer.current.getSize().inPixels));
    }
  };
  return (
    <div className={styles.endpoint}>
      <AddressBar key={tab.id} tab={tab} />
      {tab.guide === undefined ? null : <Guide tab={tab.id} text={tab.guide} />}
      <Group className={styles.split} orientation="vertical" onLayoutChanged={remember}>
        <Panel id="traffic" minSize={96}>
          {session ? (
            <Records
              key={`${tab.id} ${session.id}`}
              tab={tab.id}
              session={session}
              endpoint={tab.endpoint ?? ''}
              note={note}
            />
          ) : null}
        </Panel>
        {isOpen(settings, 'composer', false) ? (
          <>
            <Separator className={styles.level} aria-label="Height of the composer" />
            <Panel
              id="composer"
              defaultSize={sizeOf(settings, 'composer', '38%')}
              minSize={112}
              groupResizeBehavior="preserve-pixel-size"
              panelRef={composer}
            >
              <Composer tab={tab} />
            </Panel>
          </>
        ) : null}
      </Group>
    </div>
  );
}

/** Guidance for newcomers, shown until it is dismissed. */
function Guide({ tab, text }: { readonly tab: string; readonly text: string }) {
  const { tabs } = useServices();
  return (
    <aside className={styles.guide} aria-label="Guide">
      <Lightbulb size={14} aria-hidden />
      <p>{text}</p>
      <IconButton
        small
        label="Dismiss the guide"
        onClick={() => tabs.setState((state) => withEndpointTab(state, tab, { guide: undefined }))}
      >
        <X size={14} aria-hidden />
      </IconButton>
    </aside>
  );
}
