import { syncLive } from '../bridge/live-store.ts';
import type { PageTransport } from '../bridge/transport.ts';
import { persistPayloads } from '../features/composer/payload-memory.ts';
import { offerRecovered } from '../features/sessions/stored-commands.ts';
import { progressSend } from '../state/drafts.ts';
import { progressJob } from '../state/notices.ts';
import { syncSelections } from '../state/selection.ts';
import type { Services } from '../state/services.ts';
import { followTheme, persistSettings } from '../state/settings.ts';

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
