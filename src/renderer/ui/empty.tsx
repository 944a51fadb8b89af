import type { ReactNode } from 'react';
import styles from './empty.module.css';

/** What stands in a pane that has nothing yet: what will appear there, and what fills it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      {children}
    </div>
  );
}
