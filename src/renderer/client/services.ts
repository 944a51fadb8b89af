import { type Client, createClient } from '#shared/contract/client.ts';
import { keepLive } from './connection.ts';
import { createDialogsStore, type DialogsStore } from './dialogs-store.ts';
import { createDraftsStore, type DraftsStore } from './drafts-store.ts';
import { createLiveStore, type LiveStore } from './live-store.ts';
import { createNoticesStore, type NoticesStore, progressTask } from './notices-store.ts';
import { createSelectionStore, type SelectionStore } from './selection-store.ts';
import { createSettingsStore, keepSettings, type SettingsStore } from './settings-store.ts';
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
  readonly selection: SelectionStore;
  readonly notices: NoticesStore;
  readonly dialogs: DialogsStore;
}

/** The stores over `transport`, not yet kept up to date. */
export function createServices(transport: PageTransport): Services {
  return {
    client: createClient(transport),
    upload: transport.upload,
    live: createLiveStore(),
    settings: createSettingsStore(),
    theme: createThemeStore(),
    tabs: createTabsStore(),
    drafts: createDraftsStore(),
    selection: createSelectionStore(),
    notices: createNoticesStore(),
    dialogs: createDialogsStore(),
  };
}

/** Starts following the engine; gives the function that stops it. */
export function startServices(services: Services, transport: PageTransport): () => void {
  const { client, live, notices, settings, theme } = services;
  const stopLive = keepLive(client, transport, live, ({ task, done, total }) =>
    progressTask(notices, task, done, total),
  );
  const stopSettings = keepSettings(client, settings);
  const stopTheme = keepTheme(settings, theme);
  return () => {
    stopTheme();
    stopLive();
    stopSettings();
  };
}
