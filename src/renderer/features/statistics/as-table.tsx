import { useState } from 'react';
import { strings } from './strings.ts';
import styles from './tables.module.css';

interface AsTableProps {
  readonly label: string;
  readonly head: readonly string[];
  /** Called when the table is opened. */
  readonly rows: () => readonly (readonly string[])[];
}

/** The values of a chart as a table, for exact values and screen readers. */
export function AsTable({ label, head, rows }: AsTableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.figures} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`${label} ${strings.spread.asTable}`}>{strings.spread.asTable}</summary>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element must be reachable by keyboard.
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
