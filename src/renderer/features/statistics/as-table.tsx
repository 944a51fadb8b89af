import { useState } from 'react';
import styles from './statistics.module.css';

interface AsTableProps {
  readonly label: string;
  readonly head: readonly string[];
  /** Made only when it is opened. */
  readonly rows: () => readonly (readonly string[])[];
}

/** The figures behind a chart, for reading and for screen readers. */
export function AsTable({ label, head, rows }: AsTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.figures} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`${label} as a table`}>as a table</summary>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
        <section className={styles.scrolls} tabIndex={0} aria-label={label}>
          <table className={styles.table}>
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map((cells) => (
                <tr key={cells[0]}>
                  {cells.map((cell, column) => (
                    <td key={head[column]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </details>
  );
}
