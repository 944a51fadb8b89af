import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
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

interface TabListProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly label: string }[];
  readonly active: Id;
  readonly onSelect: (id: Id) => void;
  /** The id of the element that shows the active tab's content. */
  readonly panel: string;
}

/** A row of tabs, with arrow keys, Home and End. */
export function TabList<Id extends string>({ label, tabs, active, onSelect, panel }: TabListProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} className={styles.tabs} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          data-tab={tab.id}
          aria-selected={tab.id === active}
          aria-controls={panel}
          tabIndex={tab.id === active ? 0 : -1}
          className={styles.tab}
          onClick={() => onSelect(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
