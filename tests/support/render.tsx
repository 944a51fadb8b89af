import { act, render } from '@testing-library/react';
import { PointerEventsCheckLevel, type UserEvent, userEvent } from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { applySnapshot, type Snapshot } from '../../src/renderer/bridge/live-store.ts';
import { type Services, ServicesContext, useTabs } from '../../src/renderer/state/services.ts';
import { activeTab, type EndpointTab } from '../../src/renderer/state/tabs.ts';

/*
 * Components in a DOM without a browser.
 */

/** Renders `element`, which needs no services; gives the hand that clicks and types. */
export function renderAlone(element: ReactElement): UserEvent {
  // Whether the pointer reaches something is for end-to-end tests: there is no layout, and asking takes long.
  const user = userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });
  render(element);
  return user;
}

/** Renders `element` as a part of the page over `services`; gives the hand that clicks and types. */
export function renderPart(services: Services, element: ReactElement): UserEvent {
  return renderAlone(<ServicesContext value={services}>{element}</ServicesContext>);
}

type TabPart = (tab: EndpointTab) => ReactElement;

/** Renders what `part` makes of the active tab, the tab of a server or a client, and follows it. */
export function renderTabPart(services: Services, part: TabPart): UserEvent {
  return renderPart(services, <ActiveTab part={part} />);
}

function ActiveTab({ part }: { readonly part: TabPart }) {
  const tab = useTabs(activeTab);
  return tab?.kind === 'endpoint' ? part(tab) : null;
}

/** Has the page know `snapshot` as what the engine has, and the settings as loaded. */
export function show(services: Services, snapshot: Partial<Snapshot>): void {
  const { live, settings } = services;
  act(() => {
    live.setState((state) =>
      applySnapshot(
        { ...state, connection: 'open' },
        { endpoints: [], sockets: [], sessions: [], jobs: [], programs: [], ...snapshot },
      ),
    );
    settings.setState({ loaded: true });
  });
}
