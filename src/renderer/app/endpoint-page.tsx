import { Group, type Layout, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { recordingOf } from '../client/live-store.ts';
import { isOpen, setLayout, sizeOf } from '../client/settings-store.ts';
import type { EndpointTab } from '../client/tabs-store.ts';
import { useLive, useServices, useSettings } from '../client/use-services.ts';
import { Composer } from '../features/composer/composer.tsx';
import { AddressBar } from '../features/endpoints/address-bar.tsx';
import { TrafficPane } from '../features/traffic/traffic-pane.tsx';
import styles from './shell.module.css';

/** A server or client: its address, the traffic, and what is sent. */
export function EndpointPage({ tab }: { readonly tab: EndpointTab }) {
  const { settings: store } = useServices();
  const settings = useSettings((state) => state);
  const session = useLive(recordingOf);
  const composer = usePanelRef();
  const remember = (_layout: Layout, { isUserInteraction }: { isUserInteraction: boolean }) => {
    if (isUserInteraction && composer.current) {
      setLayout(store, 'composer', Math.round(composer.current.getSize().inPixels));
    }
  };
  return (
    <div className={styles.endpoint}>
      <AddressBar key={tab.id} tab={tab} />
      <Group className={styles.split} orientation="vertical" onLayoutChanged={remember}>
        <Panel id="traffic" minSize={96}>
          {session ? <TrafficPane key={tab.id} tab={tab.id} session={session} /> : null}
        </Panel>
        {isOpen(settings, 'composer', false) ? (
          <>
            <Separator className={styles.level} aria-label="Height of the composer" />
            <Panel
              id="composer"
              defaultSize={sizeOf(settings, 'composer', 280)}
              minSize={140}
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
