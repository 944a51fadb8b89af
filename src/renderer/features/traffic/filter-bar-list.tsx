import { useEffect, useRef } from 'react';
import { classes } from '../../ui/classes.ts';
import styles from './filter-bar.module.css';
import type { ListItem } from './filter-bar-state.ts';

interface FilterListProps {
  readonly id: string;
  readonly label: string;
  readonly items: readonly ListItem[];
  readonly active: number;
  readonly onSelectItem: (index: number) => void;
}

/** Returns the id of item `index` of the list `id`. */
export function itemId(id: string, index: number): string {
  return `${id}-${index}`;
}

/** The suggestions or recent filters. The focus stays in the input. */
export function FilterList({ id, label, items, active, onSelectItem }: FilterListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div ref={list} id={id} role="listbox" aria-label={label} className={styles.list}>
      {items.map((item, index) => (
        <button
          key={item.label}
          id={itemId(id, index)}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={classes(styles.item, index === active && styles.active)}
          // A mouse press would move the focus out of the input before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onSelectItem(index)}
        >
          <span className={styles.label}>{item.label}</span>
          {item.detail ? <span className={styles.detail}>{item.detail}</span> : null}
        </button>
      ))}
    </div>
  );
}
