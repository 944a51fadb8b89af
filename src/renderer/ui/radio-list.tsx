import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './radio-list.module.css';

interface RadioListProps {
  readonly legend: string;
  readonly children: ReactNode;
}

/** A choice among rows with details, one below the other: `RadioRow`s of one name, and what belongs to them. */
export function RadioList({ legend, children }: RadioListProps) {
  return (
    <fieldset className={styles.list}>
      <legend className={styles.legend}>{legend}</legend>
      {children}
    </fieldset>
  );
}

interface RadioRowProps {
  /** The name of the list's radio buttons. */
  readonly name: string;
  readonly value: string;
  readonly checked: boolean;
  readonly onSelect: () => void;
  /** Sets the columns: the first one, of 14 px, is the radio button. */
  readonly className: string | undefined;
  readonly children: ReactNode;
}

export function RadioRow({ name, value, checked, onSelect, className, children }: RadioRowProps) {
  return (
    <label className={classes(styles.row, className)}>
      <input type="radio" name={name} value={value} checked={checked} onChange={onSelect} />
      {children}
    </label>
  );
}
