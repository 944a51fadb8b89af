import { isStale } from '../client/live-store.ts';
import type { Services } from '../client/services.ts';
import { ServicesContext, useLive, useSettings } from '../client/use-services.ts';
import { classes } from '../ui/classes.ts';
import styles from './app.module.css';
import { ConnectionBanner } from './connection-banner.tsx';
import { Shell } from './shell.tsx';
import { Toolbar } from './toolbar.tsx';

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
