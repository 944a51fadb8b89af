import { syncLive } from './connection.ts';
import { progressSend } from './drafts-store.ts';
import { progressJob } from './notices-store.ts';
import { persistPayloads } from './payload-memory.ts';
import { offerRecovered } from './recovery.ts';
import { syncSelections } from './selection-store.ts';
import type { Services } from './services.ts';
import { persistSettings } from './settings-store.ts';
import { followTheme } from './theme.ts';
import type { PageTransport } from './transport.ts';

/** Starts keeping the stores in step with the engine. Returns a function that stops it. */
export function startServices(services: Services, transport: PageTransport): () => void {
  const { client, drafts, live, notices, selection, settings, theme } = services;
  const stopLive = syncLive(client, transport, live, ({ job, done, total }) => {
    progressJob(notices, job, done, total);
    progressSend(drafts, job, done, total);
  });
  const stopSelections = syncSelections(client, selection);
  const stopSettings = persistSettings(client, settings);
  const stopTheme = followTheme(settings, theme);
  const stopPayloads = persistPayloads(services);
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
