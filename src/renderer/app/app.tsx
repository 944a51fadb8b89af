import { isStale, syncLive } from '../bridge/live-store.ts';
import type { PageTransport } from '../bridge/transport.ts';
import { keepListDrafts } from '../features/lists/list-drafts.ts';
import { offerRecovered } from '../features/sessions/stored-commands.ts';
import { keepDrafts } from '../state/draft-keeping.ts';
import { progressSend } from '../state/drafts.ts';
import { followPayloads } from '../state/followed-payloads.ts';
import { progressJob } from '../state/notices.ts';
import { followSaved } from '../state/saved-changes.ts';
import { syncSelections } from '../state/selection.ts';
import { type Services, ServicesContext, useLive, useSettings } from '../state/services.ts';
import { followTheme, persistSettings } from '../state/settings.ts';
import { followWorkspace, rescanOnFocus } from '../state/workspace.ts';
import { classes } from '../ui/text.ts';
import { Shell, Toolbar } from './shell.tsx';
import styles from './window.module.css';

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
  const stopPayloads = keepDrafts(services);
  const stopLists = keepListDrafts(services);
  const stopOffer = offerRecovered(services);
  const stopWorkspace = followWorkspace(client, services.workspace);
  const stopRescans = rescanOnFocus(client);
  const stopSaved = followSaved(services);
  const stopDocuments = followPayloads(services);
  return () => {
    stopSaved();
    stopDocuments();
    stopRescans();
    stopWorkspace();
    stopOffer();
    stopLists();
    stopPayloads();
    stopTheme();
    stopLive();
    stopSelections();
    stopSettings();
  };
}

/** Shows that the engine cannot be reached, and what happens next. */
function ConnectionBanner() {
  const connection = useLive((live) => live.connection);
  if (connection === 'open' || connection === 'connecting') return null;
  return (
    <div className={styles.banner} role="alert">
      {connection === 'lost' ? (
        <>
          <strong>Connection to Wirebench lost.</strong> Reconnecting… Data may be out of date. If Wirebench was
          restarted, open the address that it printed.
        </>
      ) : (
        <>
          <strong>This page’s token is not valid.</strong> Open the address that Wirebench printed when it started.
        </>
      )}
    </div>
  );
}

/** The page. Shows an outline until the engine's state is loaded. */
export function App({ services }: { readonly services: Services }) {
  return (
    <ServicesContext value={services}>
      <Page />
    </ServicesContext>
  );
}

function Page() {
  const stale = useLive(isStale);
  return (
    <div className={classes(styles.app, stale && styles.stale)}>
      <ConnectionBanner />
      <Content />
    </div>
  );
}

function Content() {
  const ready = useLive((live) => live.ready);
  const loaded = useSettings((settings) => settings.loaded);
  return ready && loaded ? <Shell /> : <Waiting />;
}

/** Continues the outline of index.html. */
function Waiting() {
  return (
    <>
      <div inert>
        <Toolbar />
      </div>
      <div className="before-main" aria-hidden>
        <div className="before-side">
          <b>Servers</b>
          <b>Clients</b>
        </div>
        <div className="before-tabs" />
      </div>
      <div className="before-status">
        <p className={styles.waiting}>Connecting to the engine…</p>
      </div>
    </>
  );
}
