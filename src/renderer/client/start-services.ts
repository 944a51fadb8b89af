import { keepLive } from './connection.ts';
import { progressSend } from './drafts-store.ts';
import { progressTask } from './notices-store.ts';
import { keepPayloads } from './payload-memory.ts';
import { offerRecovered } from './recovery.ts';
import { keepSelections } from './selection-store.ts';
import type { Services } from './services.ts';
import { keepSettings } from './settings-store.ts';
import { keepTheme } from './theme.ts';
import type { PageTransport } from './transport.ts';

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
