import { useId } from 'react';
import type { SystemOption } from '#shared/contract/models.ts';
import styles from './options-panel.module.css';

interface UnsettableProps {
  /** What the system tells of that no form has. */
  readonly options: readonly SystemOption[];
  readonly search: string;
}

/** Options that this system's sockets have and that cannot be set from here, with what holds and why. */
export function Unsettable({ options, search }: UnsettableProps) {
  const title = useId();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = options.filter(({ name, value, unavailable }) => {
    const text = `not settable here ${name} ${value} ${unavailable}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (shown.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        Not settable here
      </h3>
      <dl className={styles.facts}>
        {shown.map(({ name, value, unavailable }) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>
              {value}
              {unavailable === '' ? null : <span className={styles.unavailable}>{unavailable}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
