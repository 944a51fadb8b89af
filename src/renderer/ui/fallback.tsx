import { CircleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Failure, failureText } from '#shared/failure.ts';
import { CopyButton, IconButton } from './button.tsx';
import styles from './pane.module.css';
import { shownLines } from './text.ts';

/** The content of an empty pane: what will appear there, and how to fill it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}

interface FailureBoxProps {
  readonly failure: Failure;
  /** Buttons that offer a solution. */
  readonly children?: ReactNode;
  readonly onDismiss?: (() => void) | undefined;
}

/** A failure: what was tried, what the system reported, what to do next. All of it can be copied. */
export function FailureBox({ failure, children, onDismiss }: FailureBoxProps) {
  return (
    <div className={styles.box} role="alert">
      <span className={styles.icon}>
        <CircleAlert size={14} aria-hidden />
      </span>
      <p className={styles.message}>{shownLines(failure.message)}</p>
      <div className={styles.tools}>
        <CopyButton
          label="Copy error"
          text={[`${failureText(failure)} (${failure.code})`, ...(failure.checks ?? [])].join('\n')}
        />
        {onDismiss ? (
          <IconButton label="Dismiss" small onClick={onDismiss}>
            <X size={14} aria-hidden />
          </IconButton>
        ) : null}
      </div>
      {failure.system ? <p className={styles.system}>{shownLines(failure.system)}</p> : null}
      {failure.hint ? <p className={styles.hint}>{shownLines(failure.hint)}</p> : null}
      {failure.checks && failure.checks.length > 0 ? (
        <details className={styles.checks}>
          <summary>Checks performed</summary>
          <ul>
            {failure.checks.map((check) => (
              <li key={check}>{shownLines(check)}</li>
            ))}
          </ul>
        </details>
      ) : null}
      <div className={styles.offers}>{children}</div>
    </div>
  );
}
