import { Button, CopyButton } from '../ui/button.tsx';
import { crashText } from '../ui/error-boundary.tsx';
import styles from './crash-page.module.css';

interface CrashProps {
  readonly error: unknown;
}

/** Replaces the whole page if it cannot be rendered. */
export function CrashPage({ error }: CrashProps) {
  return (
    <main className={styles.page} role="alert">
      <h1 className={styles.title}>This page has crashed</h1>
      <p>
        This is a bug in Wirebench. Servers, connections and the recording run in the engine and are unaffected. Reload
        the page to see them again.
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

/** Replaces one pane that cannot be rendered; the others are unaffected. */
export function CrashPane({ error, onRetry }: CrashProps & { readonly onRetry: () => void }) {
  return (
    <section className={styles.pane} role="alert">
      <h2 className={styles.title}>This part of the page has crashed</h2>
      <p>This is a bug in Wirebench. The rest of the page, the connections and the recording are unaffected.</p>
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
