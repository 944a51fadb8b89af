import { type Client, createClient } from '#shared/contract/client.ts';
import { keepLive } from './connection.ts';
import { createDialogsStore, type DialogsStore } from './dialogs-store.ts';
import { createDraftsStore, type DraftsStore, progressSend } from './drafts-store.ts';
import { createFiltersStore, type FiltersStore } from './filters-store.ts';
import { createLiveStore, type LiveStore } from './live-store.ts';
import { createNoticesStore, type NoticesStore, progressTask } from './notices-store.ts';
import { keepPayloads } from './payload-memory.ts';
import { offerRecovered } from './recovery.ts';
import { createSelectionStore, keepSelections, type SelectionStore } from './selection-store.ts';
import { createSettingsStore, keepSettings, type SettingsStore } from './settings-store.ts';
import { sharingEvents } from './shared-events.ts';
import { createStatisticsStore, type StatisticsStore } from './statistics-store.ts';
import { createStoredStore, type StoredStore } from './stored-store.ts';
import { createTabsStore, type TabsStore } from './tabs-store.ts';
import { createThemeStore, keepTheme, type ThemeStore } from './theme.ts';
import type { PageTransport } from './transport.ts';

/** All that features and actions share: the engine's client and the stores of the page. */
export interface Services {
  readonly client: Client;
  readonly upload: PageTransport['upload'];
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
}

/** The stores over `transport`, not yet kept up to date. */
export function createServices(transport: PageTransport): Services {
  return {
    client: sharingEvents(createClient(transport)),
    upload: transport.upload,
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
  };
}

/** Starts following the engine; gives the function that stops it. */
export function startServices(services: Services, transport: PageTransport): () => void {
  const { client, drafts, live, notices, selection, settings, theme } = services;
  const stopLive = keepLive(client, transport, live, ({ task, done, total }) => {
    progressTask(notices, task, done, total);
    progressSend(drafts, task, done, total);
  });
  const stopSelections = keepSelections(client, selection);
  const stopSettings = keepSettings(client, settings);
  const stopTheme = keepTheme(settings, theme);
  const stopPayloads = keepPayloads(services);
  const stopOffer = offerRecovered(services);
  return () => {
    stopOffer();
    stopPayloads();
    stopTheme();
    stopLive();
    stopSelections();
    stopSettings();
  };
}
