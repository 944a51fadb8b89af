import { Component, type ReactNode } from 'react';
import { Button, CopyButton } from '../ui/button.tsx';
import styles from './window.module.css';

interface ErrorBoundaryProps {
  /** Shown instead of the children after one of them threw; `retry` shows them again. */
  readonly fallback: (error: unknown, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly crash: { readonly error: unknown } | undefined;
}

/** Limits a crash to one part of the page. A class, because React has no hook for this. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override readonly state: ErrorBoundaryState = { crash: undefined };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { crash: { error } };
  }

  override render(): ReactNode {
    const { crash } = this.state;
    if (!crash) return this.props.children;
    return this.props.fallback(crash.error, () => this.setState({ crash: undefined }));
  }
}

/** Returns a thrown value as text to report: name, message and stack. */
export function crashText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack = '' } = error;
  return stack.includes(message) ? stack : `${name}: ${message}\n${stack}`;
}

interface CrashProps {
  readonly error: unknown;
}

/** Replaces the whole page if it cannot be rendered. */
export function CrashPage({ error }: CrashProps) {
  return (
    <main className={styles.crash} role="alert">
      <h1 className={styles.crashTitle}>This page has crashed</h1>
      <p>
        This is a bug in Wirebench. Servers, connections and the recording run in the engine and are unaffected. Reload
        the page to see them again.
      </p>
      <Details error={error} />
      <div className={styles.crashActions}>
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
    <section className={styles.crashedPane} role="alert">
      <h2 className={styles.crashTitle}>This part of the page has crashed</h2>
      <p>This is a bug in Wirebench. The rest of the page, the connections and the recording are unaffected.</p>
      <Details error={error} />
      <div className={styles.crashActions}>
        <Button onClick={onRetry}>Try again</Button>
        <Button onClick={() => location.reload()}>Reload</Button>
      </div>
    </section>
  );
}

function Details({ error }: CrashProps) {
  const text = crashText(error);
  return (
    <div className={styles.crashDetails}>
      <pre className={styles.crashText}>{text}</pre>
      <CopyButton label="Copy error" text={text} shown />
    </div>
  );
}
