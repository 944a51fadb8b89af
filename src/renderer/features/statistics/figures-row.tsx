import { classes } from '../../ui/classes.ts';
import styles from './statistics.module.css';

/** A name, its value, whether it is a warning, and a detail below it. */
type Figure = readonly [name: string, value: string, warns?: boolean, below?: string];

/** Figures in a row. */
export function Figures({ label, figures }: { readonly label: string; readonly figures: readonly Figure[] }) {
  return (
    <dl className={styles.row} aria-label={label}>
      {figures.map(([name, value, warns = false, below = '']) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={classes(styles.figure, warns && styles.warns)}>{value}</dd>
          {below === '' ? null : <dd className={styles.below}>{below}</dd>}
        </div>
      ))}
    </dl>
  );
}
