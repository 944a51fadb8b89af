import { useEffect } from 'react';
import { changeDraft } from '../state/drafts.ts';
import { formOf } from '../state/endpoint-form.ts';
import { changeFilter } from '../state/filters.ts';
import { withoutSecrets } from '../state/form-fields.ts';
import { attachDocument, placeholderDocument } from '../state/saved-endpoints.ts';
import type { Services } from '../state/services.ts';
import { type EndpointTab, endpointTab, nextTabId, startTab, type Tab, type TabsState } from '../state/tabs.ts';
import { createWorkspaceKeepers } from '../state/workspace.ts';
import { type KeptPage, pageOf, persistPage, readPage, rememberedPage } from './kept-page.ts';

/** Maximum number of tabs opened automatically; the side bar lists all endpoints. */
const maxRestored = 12;

/** Creates the state of the restored page: it is restored once, however often its component is mounted. */
function createRestored(): { started: boolean; workspace: string | undefined; loading: boolean } {
  return { started: false, workspace: undefined, loading: false };
}

/**
 * Restores the tabs after a reload of the page, after a start of the program and when another workspace is opened, and detaches tabs from
 * endpoints that no longer exist.
 */
export function useRestoredTabs(services: Services): void {
  useEffect(() => {
    const restored = services.own(createRestored);
    if (!restored.started) {
      restored.started = true;
      const page = rememberedPage();
      restored.workspace = page && (page.workspace ?? services.workspace.getState().view?.id);
      services.tabs.setState((state) => (page ? show(services, page, 'reload', state) : withRunning(services, state)));
    }
    const keep = () => keepPage(services);
    services.own(createWorkspaceKeepers).add(keep);
    const look = () => void followView(services);
    const stops = [
      persistPage(services, () => restored.workspace !== undefined && !restored.loading && isShown(services)),
      services.workspace.subscribe(look),
      services.live.subscribe((live, before) => detach(services, live, before)),
    ];
    look();
    return () => {
      services.own(createWorkspaceKeepers).delete(keep);
      for (const stop of stops) stop();
    };
  }, [services]);
}

/** Returns true if the page shows the open workspace. Its tabs are not stored for another one. */
function isShown(services: Services): boolean {
  return services.workspace.getState().view?.id === services.own(createRestored).workspace;
}

/** Shows the page that the open workspace has stored, if it is not shown yet. */
async function followView(services: Services): Promise<void> {
  const restored = services.own(createRestored);
  const id = services.workspace.getState().view?.id;
  if (id === undefined || id === restored.workspace) return;
  const isSwitch = restored.workspace !== undefined;
  restored.workspace = id;
  restored.loading = true;
  if (isSwitch) {
    const start = startTab();
    services.tabs.setState({ tabs: [start], active: start.id });
  }
  const before = services.tabs.getState();
  const answer = await services.client.call('layout.get', {});
  // Another workspace was opened meanwhile.
  if (services.own(createRestored).workspace !== id) return;
  restored.loading = false;
  const page = answer.ok ? readPage(answer.value.layout) : undefined;
  if (page && (page.workspace === undefined || page.workspace === id)) {
    services.tabs.setState((state) => {
      const shown = show(services, page, 'start', state);
      return state === before
        ? shown
        : { tabs: [...withoutShown(shown.tabs, state.tabs), ...state.tabs], active: state.active };
    });
    if (page.panes) services.settings.setState(({ layout }) => ({ layout: { ...layout, ...page.panes } }));
  } else if (isSwitch) services.tabs.setState((state) => withRunning(services, state));
}

/** Returns what two tabs have in common that show the same. */
function keyOf(tab: Tab): string {
  switch (tab.kind) {
    case 'start':
    case 'lessons':
      return tab.kind;
    case 'session':
      return tab.session;
    case 'program':
      return tab.program;
    case 'send-list':
      return tab.path;
    case 'endpoint':
      return tab.endpoint ?? tab.document?.path ?? tab.id;
  }
}

/** Returns the tabs of `tabs` that do not show the same as one of `others`. */
function withoutShown(tabs: readonly Tab[], others: readonly Tab[]): Tab[] {
  const keys = new Set(others.map(keyOf));
  return tabs.filter((tab) => !keys.has(keyOf(tab)));
}

type Live = ReturnType<Services['live']['getState']>;

/** Detaches tabs from endpoints that were removed. The form is kept: it can be launched again as a new endpoint. */
function detach(services: Services, live: Live, before: Live): void {
  if (live.endpoints === before.endpoints && live.sessions === before.sessions) return;
  const isGone = (tab: Tab) =>
    (tab.kind === 'session' && before.sessions.has(tab.session) && !live.sessions.has(tab.session)) ||
    (tab.kind === 'endpoint' &&
      tab.endpoint !== undefined &&
      before.endpoints.has(tab.endpoint) &&
      !live.endpoints.has(tab.endpoint));
  if (!services.tabs.getState().tabs.some(isGone)) return;
  services.tabs.setState(({ tabs: now }) => ({
    tabs: now.map((tab) => (tab.kind === 'endpoint' && isGone(tab) ? withoutEndpoint(tab) : tab)),
  }));
}

/** Returns `tab` without its endpoint and without the secrets that only the engine had. */
function withoutEndpoint(tab: EndpointTab): EndpointTab {
  return { ...tab, endpoint: undefined, form: withoutSecrets(tab.form) };
}

/**
 * Returns the tabs of a stored page. After a reload, a session or an endpoint that no longer exists has no tab or only its form. At a start,
 * ids may be those of an earlier run: an endpoint is taken for the same one only with the same address, and what runs already gets tabs.
 */
function show(services: Services, page: KeptPage, when: 'reload' | 'start', state: TabsState): TabsState {
  const { sessions } = services.live.getState();
  const { view: workspace, documents } = services.workspace.getState();
  const { environment } = page;
  if (environment !== undefined && (!workspace || documents.has(environment)))
    services.workspace.setState({ environment });
  const tabs = page.tabs.flatMap((kept): Tab[] => {
    if (kept.kind === 'start') return [startTab()];
    if (kept.kind === 'send-list' || kept.kind === 'lessons') return [{ ...kept, id: nextTabId() }];
    if (kept.kind === 'program') return programTabs(services, kept.program);
    if (kept.kind === 'session') {
      if (!sessions.has(kept.session)) return [];
      const id = nextTabId();
      if (kept.filter) changeFilter(services.filters, id, kept.filter);
      return [{ kind: 'session', id, session: kept.session }];
    }
    const tab = restoredTab(services, kept, when);
    if (kept.filter) changeFilter(services.filters, tab.id, kept.filter);
    if (kept.draft) {
      const { document, checksum, ...rest } = kept.draft;
      changeDraft(services.drafts, tab.id, { ...rest, document, checksum });
    }
    return [tab];
  });
  const active = tabs[page.active] ?? tabs[0];
  const shown = active === undefined ? state : { tabs, active: active.id };
  return when === 'reload' ? shown : withRunning(services, shown);
}

/** Returns a tab for a program that is still listed. */
function programTabs({ live }: Services, program: string): Tab[] {
  const view = live.getState().programs.get(program);
  return view ? [{ kind: 'program', id: nextTabId(), program, name: view.name }] : [];
}

type KeptTab = Extract<KeptPage['tabs'][number], { kind: 'endpoint' }>;

function restoredTab(services: Services, kept: KeptTab, when: 'reload' | 'start'): EndpointTab {
  const view = kept.endpoint === undefined ? undefined : services.live.getState().endpoints.get(kept.endpoint);
  const form = view && formOf(view.config);
  const isSame =
    form &&
    (when === 'reload' ||
      (['role', 'transport', 'host', 'port', 'path'] as const).every((field) => form[field] === kept.form[field]));
  // The secrets of a document belong to this machine, so that its form can still say that they are set.
  const own = kept.document === undefined ? withoutSecrets(kept.form) : kept.form;
  const tab = isSame ? endpointTab(form, view.id) : endpointTab(own);
  if (kept.document === undefined) return tab;
  void attachDocument(services, tab.id, kept.document);
  return { ...tab, document: placeholderDocument(kept.document, tab.form) };
}

/** Returns `state` with a tab for each endpoint and opened session of the engine that has none. */
function withRunning({ live }: Services, state: TabsState): TabsState {
  const { endpoints, sessions } = live.getState();
  const hasEndpoint = (id: string) => state.tabs.some((tab) => tab.kind === 'endpoint' && tab.endpoint === id);
  const hasSession = (id: string) => state.tabs.some((tab) => tab.kind === 'session' && tab.session === id);
  const tabs: Tab[] = [];
  for (const view of endpoints.values()) {
    if (!hasEndpoint(view.id)) tabs.push(endpointTab(formOf(view.config), view.id));
  }
  for (const session of sessions.values()) {
    if (session.state === 'read-only' && !hasSession(session.id)) {
      tabs.push({ kind: 'session', id: nextTabId(), session: session.id });
    }
  }
  const [first] = tabs;
  if (first === undefined) return state;
  const isStart = state.tabs.length === 1 && state.tabs[0]?.kind === 'start';
  return isStart
    ? { tabs: tabs.slice(0, maxRestored), active: first.id }
    : { tabs: [...state.tabs, ...tabs.slice(0, maxRestored)], active: state.active };
}

/** Stores the page for the open workspace now: another one is about to be opened. */
async function keepPage(services: Services): Promise<void> {
  if (services.own(createRestored).workspace === undefined || !isShown(services)) return;
  await services.client.call('layout.keep', { layout: pageOf(services) });
}
