import { useEffect, useRef } from 'react';
import { formOf } from '../client/endpoint-form.ts';
import type { Services } from '../client/services.ts';
import { endpointTab, nextTabId, type Tab, type TabsState } from '../client/tabs-store.ts';

/** More tabs than these are not opened by themselves; the side bar has the rest. */
const maxRestored = 12;

/** When the page is loaded anew, what the engine still has gets its tabs back; what is gone loses them. */
export function useRestoredTabs(services: Services): void {
  const restored = useRef(false);
  useEffect(() => {
    if (!restored.current) {
      restored.current = true;
      services.tabs.setState((state) => restore(state, services));
    }
    return services.live.subscribe((live, before) => {
      if (live.endpoints === before.endpoints && live.sessions === before.sessions) return;
      const isGone = (tab: Tab) =>
        (tab.kind === 'session' && before.sessions.has(tab.session) && !live.sessions.has(tab.session)) ||
        (tab.kind === 'endpoint' &&
          tab.endpoint !== undefined &&
          before.endpoints.has(tab.endpoint) &&
          !live.endpoints.has(tab.endpoint));
      const { tabs } = services.tabs.getState();
      // Its form is still there: it can be launched again, as a new endpoint.
      if (tabs.some(isGone)) {
        services.tabs.setState(({ tabs: now }) => ({
          tabs: now.map((tab) => (tab.kind === 'endpoint' && isGone(tab) ? { ...tab, endpoint: undefined } : tab)),
        }));
      }
    });
  }, [services]);
}

function restore(state: TabsState, services: Services): TabsState {
  const { endpoints, sessions } = services.live.getState();
  const tabs: Tab[] = [];
  for (const view of endpoints.values()) tabs.push(endpointTab(formOf(view.config), view.id));
  for (const session of sessions.values()) {
    if (session.state === 'read-only') tabs.push({ kind: 'session', id: nextTabId(), session: session.id });
  }
  const [first] = tabs;
  return first === undefined ? state : { tabs: tabs.slice(0, maxRestored), active: first.id };
}
