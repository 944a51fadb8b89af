import { createContext, useContext, useEffect, useMemo } from 'react';
import { useStore } from 'zustand/react';
import { type Client, createClient } from '#shared/contract/client.ts';
import { createLiveStore, type LiveState, type LiveStore, recordingOf } from '../bridge/live-store.ts';
import { type PageTransport, sharingEvents } from '../bridge/transport.ts';
import { createDialogsStore, type DialogsStore } from './dialogs.ts';
import { createDraftsStore, type DraftsStore } from './drafts.ts';
import { createFiltersStore, createStatisticsStore, type FiltersStore, type StatisticsStore } from './filters.ts';
import { createNoticesStore, type NoticesStore } from './notices.ts';
import { createSelectionStore, createTrafficCalls, type SelectionStore, type TrafficCalls } from './selection.ts';
import {
  createSettingsStore,
  createThemeStore,
  type SettingsState,
  type SettingsStore,
  type ThemeStore,
} from './settings.ts';
import { createStoredStore, refreshStored, type StoredState, type StoredStore, storedKey } from './stored.ts';
import { createTabsStore, type Tab, type TabsState, type TabsStore } from './tabs.ts';
import { createWorkspaceStore, type WorkspaceState, type WorkspaceStore } from './workspace.ts';

/** Creates the state that belongs to one feature. The function itself is the key to it. */
type FeatureState<T> = (services: Services) => T;

/** What features and actions share: the engine's client and the page's stores. */
export interface Services {
  readonly client: Client;
  readonly upload: PageTransport['upload'];
  readonly grantFolder: PageTransport['grantFolder'];
  readonly live: LiveStore;
  readonly settings: SettingsStore;
  readonly theme: ThemeStore;
  readonly tabs: TabsStore;
  readonly drafts: DraftsStore;
  readonly filters: FiltersStore;
  readonly selection: SelectionStore;
  readonly notices: NoticesStore;
  readonly dialogs: DialogsStore;
  readonly statistics: StatisticsStore;
  readonly stored: StoredStore;
  readonly workspace: WorkspaceStore;
  readonly traffic: TrafficCalls;
  /** Returns the state of a feature. It is created by `create` at the first call. */
  readonly own: <T>(create: FeatureState<T>) => T;
}

/** Creates the client and the stores over `transport`. `startServices` then keeps them up to date. */
export function createServices(transport: PageTransport): Services {
  const owned = new Map<unknown, unknown>();
  const services: Services = {
    client: sharingEvents(createClient(transport)),
    upload: transport.upload,
    grantFolder: transport.grantFolder,
    live: createLiveStore(),
    settings: createSettingsStore(),
    theme: createThemeStore(),
    tabs: createTabsStore(),
    drafts: createDraftsStore(),
    filters: createFiltersStore(),
    selection: createSelectionStore(),
    notices: createNoticesStore(),
    dialogs: createDialogsStore(),
    statistics: createStatisticsStore(),
    stored: createStoredStore(),
    workspace: createWorkspaceStore(),
    traffic: createTrafficCalls(),
    own: <T>(create: FeatureState<T>): T => {
      if (!owned.has(create)) owned.set(create, create(services));
      return owned.get(create) as T;
    },
  };
  return services;
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('no services are provided');
  return services;
}

export function useLive<T>(selector: (state: LiveState) => T): T {
  return useStore(useServices().live, selector);
}

export function useTabs<T>(selector: (state: TabsState) => T): T {
  return useStore(useServices().tabs, selector);
}

export function useSettings<T>(selector: (state: SettingsState) => T): T {
  return useStore(useServices().settings, selector);
}

export function useWorkspace<T>(selector: (state: WorkspaceState) => T): T {
  return useStore(useServices().workspace, selector);
}

export type { Tab };

/** Returns true once the first snapshot and the settings are loaded. */
function isReady({ live, settings }: Pick<Services, 'live' | 'settings'>): boolean {
  return live.getState().ready && settings.getState().loaded;
}

/**
 * Resolves when the engine's state is known, or after `limitMs`. The engine usually answers while the page's scripts load,
 * so that the page is drawn only once.
 */
export function firstState(services: Pick<Services, 'live' | 'settings'>, limitMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (isReady(services)) resolve();
  };
  const stops = [services.live.subscribe(look), services.settings.subscribe(look)];
  const timer = setTimeout(resolve, limitMs);
  look();
  return promise.finally(() => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  });
}

/**
 * Returns the stored sessions. Queries them when the component is first shown, when they may have changed, and when the window
 * gets the focus. The session being recorded is included once it has a record.
 */
export function useStored(): StoredState {
  const services = useServices();
  useEffect(() => {
    void refreshStored(services);
    let key = storedKey(services.live.getState());
    return services.live.subscribe((live) => {
      const next = storedKey(live);
      if (next === key) return;
      key = next;
      void refreshStored(services);
    });
  }, [services]);
  useEffect(() => {
    const onFocus = () => void refreshStored(services);
    window.addEventListener('focus', onFocus);
    return () => window.removeEventListener('focus', onFocus);
  }, [services]);
  const stored = useStore(services.stored);
  const hasRecords = useLive((live) => (recordingOf(live)?.total ?? 0) > 0);
  return useMemo(
    () => (hasRecords ? stored : { ...stored, sessions: withoutRecording(stored.sessions) }),
    [stored, hasRecords],
  );
}

function withoutRecording(sessions: StoredState['sessions']): StoredState['sessions'] {
  return sessions.filter(({ state }) => state !== 'recording');
}
