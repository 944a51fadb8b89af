import { useId } from 'react';
import type { SystemOption } from '#shared/contract/models.ts';
import styles from './options-panel.module.css';

/** The options that this system's sockets have, that no form has, and that `search` means. */
export function unsettableOptions(
  options: readonly SystemOption[],
  settable: ReadonlySet<string>,
  search: string,
): SystemOption[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ name, value, unavailable }) => {
    const text = `not settable here ${name} ${value} ${unavailable}`.toLowerCase();
    return !settable.has(name) && words.every((word) => text.includes(word));
  });
}

/** Options that cannot be set from here, with what holds and why. */
export function Unsettable({ options }: { readonly options: readonly SystemOption[] }) {
  const title = useId();
  if (options.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        Not settable here
      </h3>
      <dl className={styles.facts}>
        {options.map(({ name, value, unavailable }) => (
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
