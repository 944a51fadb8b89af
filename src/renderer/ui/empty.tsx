import type { ReactNode } from 'react';
import styles from './empty.module.css';

/** The content of an empty pane: what will appear there, and how to fill it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}
