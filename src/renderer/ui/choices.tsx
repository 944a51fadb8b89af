import { type ReactNode, useId } from 'react';
import styles from './choices.module.css';
import { classes } from './text.ts';

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

interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly icon?: ReactNode }[];
  readonly onChange: (value: Value) => void;
}

/** A choice among a few options, all visible. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className={styles.group}>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  );
}
