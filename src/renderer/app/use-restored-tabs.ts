import { useEffect, useRef } from 'react';
import { changeDraft } from '../client/drafts-store.ts';
import { formOf } from '../client/endpoint-form.ts';
import { changeFilter } from '../client/filters-store.ts';
import { withoutSecrets } from '../client/form-secrets.ts';
import { persistPage, rememberedPage } from '../client/page-memory.ts';
import type { Services } from '../client/services.ts';
import { type EndpointTab, endpointTab, nextTabId, startTab, type Tab, type TabsState } from '../client/tabs-store.ts';

/** Maximum number of tabs opened automatically; the side bar lists all endpoints. */
const maxRestored = 12;

/** Restores the tabs after a reload of the page, and detaches tabs from endpoints that no longer exist. */
export function useRestoredTabs(services: Services): void {
  const restored = useRef(false);
  useEffect(() => {
    if (!restored.current) {
      restored.current = true;
      services.tabs.setState((state) => restore(state, services));
    }
    const forget = persistPage(services);
    const stop = services.live.subscribe((live, before) => {
      if (live.endpoints === before.endpoints && live.sessions === before.sessions) return;
      const isGone = (tab: Tab) =>
        (tab.kind === 'session' && before.sessions.has(tab.session) && !live.sessions.has(tab.session)) ||
        (tab.kind === 'endpoint' &&
          tab.endpoint !== undefined &&
          before.endpoints.has(tab.endpoint) &&
          !live.endpoints.has(tab.endpoint));
      const { tabs } = services.tabs.getState();
      // The form is kept: it can be launched again as a new endpoint.
      if (tabs.some(isGone)) {
        services.tabs.setState(({ tabs: now }) => ({
          tabs: now.map((tab) => (tab.kind === 'endpoint' && isGone(tab) ? withoutEndpoint(tab) : tab)),
        }));
      }
    });
    return () => {
      stop();
      forget();
    };
  }, [services]);
}

/** Returns `tab` without its endpoint and without the secrets that only the engine had. */
function withoutEndpoint(tab: EndpointTab): EndpointTab {
  return { ...tab, endpoint: undefined, form: withoutSecrets(tab.form) };
}

/** Returns the tabs of this window before the reload whose endpoint or session still exists. */
function restore(state: TabsState, services: Services): TabsState {
  const { endpoints, sessions } = services.live.getState();
  const page = rememberedPage();
  if (!page) return withAll(state, services);
  const tabs = page.tabs.flatMap((kept): Tab[] => {
    if (kept.kind === 'start') return [startTab()];
    if (kept.kind === 'session') {
      if (!sessions.has(kept.session)) return [];
      const id = nextTabId();
      if (kept.filter) changeFilter(services.filters, id, kept.filter);
      return [{ kind: 'session', id, session: kept.session }];
    }
    const view = kept.endpoint === undefined ? undefined : endpoints.get(kept.endpoint);
    const tab = view ? endpointTab(formOf(view.config), view.id) : endpointTab(withoutSecrets(kept.form));
    if (kept.filter) changeFilter(services.filters, tab.id, kept.filter);
    if (kept.draft) changeDraft(services.drafts, tab.id, kept.draft);
    return [tab];
  });
  const active = tabs[page.active] ?? tabs[0];
  return active === undefined ? state : { tabs, active: active.id };
}

/** Returns a tab for each endpoint and opened session of the engine, for a new window. */
function withAll(state: TabsState, { live }: Services): TabsState {
  const { endpoints, sessions } = live.getState();
  const tabs: Tab[] = [];
  for (const view of endpoints.values()) tabs.push(endpointTab(formOf(view.config), view.id));
  for (const session of sessions.values()) {
    if (session.state === 'read-only') tabs.push({ kind: 'session', id: nextTabId(), session: session.id });
  }
  const [first] = tabs;
  return first === undefined ? state : { tabs: tabs.slice(0, maxRestored), active: first.id };
}
