import { useId } from 'react';
import type { SystemOption } from '#shared/contract/models.ts';
import type { Transport } from '#shared/socket/transports.ts';
import styles from './options-panel.module.css';
import { strings } from './strings.ts';

interface Search {
  readonly settable: ReadonlySet<string>;
  readonly transport: Transport;
  readonly search: string;
}

/** Returns the system's socket options for a transport that are not in the form and match `search`. */
export function unsettableOptions(
  options: readonly SystemOption[],
  { settable, transport, search }: Search,
): SystemOption[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ name, value, unavailable, over }) => {
    if (settable.has(name) || over?.includes(transport) === false) return false;
    const text = `${strings.options.notConfigurable} ${name} ${value} ${unavailable}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Options that cannot be set in Wirebench, with their values and the reason. */
export function Unsettable({ options }: { readonly options: readonly SystemOption[] }) {
  const title = useId();
  if (options.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={title}>
      <h3 id={title} className={styles.title}>
        {strings.options.notConfigurable}
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
