import { Search } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './lists.module.css';
import { Popover } from './popover.tsx';
import { classes } from './text.ts';

/** An item of a searchable list. */
export interface SearchItem {
  readonly id: string;
  readonly label: string;
  /** Shown beside the label. */
  readonly detail: string;
  /** Additional search terms. */
  readonly words: string;
}

interface SearchListProps<Item extends SearchItem> {
  /** The accessible name. */
  readonly label: string;
  readonly items: readonly Item[];
  /** Returns the items that match the query, best first. Default: `matching`. */
  readonly find?: (items: readonly Item[], query: string) => readonly Item[];
  readonly placeholder?: string;
  /** Shown if no item matches. */
  readonly none?: string;
  /** `large`: full width, with padding around the items. */
  readonly size?: 'usual' | 'large';
  readonly onSelect: (item: Item) => void;
}

/** Returns the items that contain every word of the query in their label, detail or words. */
export function matching<Item extends SearchItem>(items: readonly Item[], query: string): readonly Item[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items.filter((item) => {
    const text = `${item.label} ${item.detail} ${item.words}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** A searchable list; arrow keys, Enter and clicks select. */
export function SearchList<Item extends SearchItem>(props: SearchListProps<Item>) {
  const { label, items, onSelect, find = matching, placeholder = 'Type to search', none = 'No match' } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => find(items, query), [items, query, find]);
  const chosen = Math.min(at, found.length - 1);
  // In an effect, because a popover around the list is shown only now and a hidden field cannot take the focus.
  useEffect(() => input.current?.focus(), []);
  const move = (to: number) => {
    setAt(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = found[chosen];
    const count = Math.max(found.length, 1);
    if (event.key === 'Enter' && item) onSelect(item);
    else if (event.key === 'ArrowDown') move((chosen + 1) % count);
    else if (event.key === 'ArrowUp') move((chosen - 1 + count) % count);
    else if (event.key !== 'Enter') return;
    event.preventDefault();
  };
  return (
    <div className={classes(styles.search, props.size === 'large' && styles.large)}>
      <input
        ref={input}
        className={styles.input}
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found[chosen] ? `${id}-${found[chosen].id}` : undefined}
        placeholder={placeholder}
        value={query}
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={id} role="listbox" aria-label={label} className={styles.list}>
        {found.map((item, index) => (
          <div
            key={item.id}
            id={`${id}-${item.id}`}
            role="option"
            aria-selected={index === chosen}
            className={classes(styles.item, index === chosen && styles.chosen)}
            onPointerMove={() => setAt(index)}
            onPointerUp={() => onSelect(item)}
          >
            <span className={styles.label}>{item.label}</span>
            <span className={styles.detail}>{item.detail}</span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className={styles.none}>{none}</p> : null}
    </div>
  );
}

interface SearchButtonProps<Item extends SearchItem> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly onSelect: (item: Item) => void;
}

/** A button that opens a searchable list. */
export function SearchButton<Item extends SearchItem>({ label, items, onSelect }: SearchButtonProps<Item>) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <Button
        ref={anchor}
        variant="ghost"
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Search size={14} aria-hidden />
      </Button>
      <Popover open={open} onClose={close} anchor={anchor} align="end" label={label}>
        <SearchList
          label={label}
          items={items}
          onSelect={(item) => {
            close();
            onSelect(item);
          }}
        />
      </Popover>
    </>
  );
}
