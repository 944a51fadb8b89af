import { useLive } from '../client/use-services.ts';
import styles from './app.module.css';

/** Shows that the engine cannot be reached, and what happens next. */
export function ConnectionBanner() {
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
