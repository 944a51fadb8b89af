import { useId } from 'react';
import type { SystemOption } from '#shared/contract/models.ts';
import type { Transport } from '#shared/socket/transports.ts';
import styles from './options-panel.module.css';

interface Wanted {
  readonly settable: ReadonlySet<string>;
  readonly transport: Transport;
  readonly search: string;
}

/** The options that this system's sockets over a transport have, that no form has, and that match `search`. */
export function unsettableOptions(
  options: readonly SystemOption[],
  { settable, transport, search }: Wanted,
): SystemOption[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ name, value, unavailable, over }) => {
    if (settable.has(name) || over?.includes(transport) === false) return false;
    const text = `not configurable ${name} ${value} ${unavailable}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Options that cannot be configured, with what applies and why. */
export function Unsettable({ options }: { readonly options: readonly SystemOption[] }) {
  const title = useId();
  if (options.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        Not configurable
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
