import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { crashText } from '../ui/error-boundary.tsx';
import styles from './crash-page.module.css';

interface CrashProps {
  readonly error: unknown;
}

/** In place of the whole page where nothing of it can be drawn. */
export function CrashPage({ error }: CrashProps) {
  return (
    <main className={styles.page} role="alert">
      <h1 className={styles.title}>This page has crashed</h1>
      <p>
        That is a bug in Wirebench. The engine is not part of the page: servers, connections and the recording go on.
        Reload the page to see them again.
      </p>
      <Details error={error} />
      <div className={styles.actions}>
        <Button variant="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </div>
    </main>
  );
}

/** In place of one pane, while the others go on. */
export function CrashPane({ error, onRetry }: CrashProps & { readonly onRetry: () => void }) {
  return (
    <section className={styles.pane} role="alert">
      <h2 className={styles.title}>This part of the page has crashed</h2>
      <p>That is a bug in Wirebench. The rest of the page, the connections and the recording go on.</p>
      <Details error={error} />
      <div className={styles.actions}>
        <Button onClick={onRetry}>Try again</Button>
        <Button onClick={() => location.reload()}>Reload</Button>
      </div>
    </section>
  );
}

function Details({ error }: CrashProps) {
  const text = crashText(error);
  return (
    <div className={styles.details}>
      <pre className={styles.text}>{text}</pre>
      <CopyButton label="Copy error" text={text} shown />
    </div>
  );
}
