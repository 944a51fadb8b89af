import { useLive } from '../client/use-services.ts';
import styles from './app.module.css';

/** Says that the engine cannot be reached, and what is done about it. */
export function ConnectionBanner() {
  const connection = useLive((live) => live.connection);
  if (connection === 'open' || connection === 'connecting') return null;
  return (
    <div className={styles.banner} role="alert">
      {connection === 'lost' ? (
        <>
          <strong>The connection to Wirebench is lost.</strong> Reconnecting… States are as last known. If Wirebench was
          started again, its address may be another one: open the address that it printed.
        </>
      ) : (
        <>
          <strong>This page’s token is not valid.</strong> Open the address that Wirebench printed when it started.
        </>
      )}
    </div>
  );
}
