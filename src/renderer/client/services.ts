import { type Client, createClient } from '#shared/contract/client.ts';
import { createDialogsStore, type DialogsStore } from './dialogs-store.ts';
import { createDraftsStore, type DraftsStore } from './drafts-store.ts';
import { createFiltersStore, type FiltersStore } from './filters-store.ts';
import { createLiveStore, type LiveStore } from './live-store.ts';
import { createNoticesStore, type NoticesStore } from './notices-store.ts';
import { createSelectionStore, type SelectionStore } from './selection-store.ts';
import { createSettingsStore, type SettingsStore } from './settings-store.ts';
import { sharingEvents } from './shared-events.ts';
import { createStatisticsStore, type StatisticsStore } from './statistics-store.ts';
import { createStoredStore, type StoredStore } from './stored-store.ts';
import { createTabsStore, type TabsStore } from './tabs-store.ts';
import { createThemeStore, type ThemeStore } from './theme.ts';
import type { PageTransport } from './transport.ts';

/** What features and actions share: the engine's client and the page's stores. */
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

/** Creates the client and the stores over `transport`. `startServices` then keeps them up to date. */
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
