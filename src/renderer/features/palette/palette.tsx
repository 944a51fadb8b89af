import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { classes } from '../../ui/classes.ts';
import styles from './palette.module.css';
import { bestFirst } from './search.ts';

/** One line of the palette. */
export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly run: () => void;
}

interface PaletteProps {
  readonly items: readonly PaletteItem[];
  readonly onClose: () => void;
}

/** Everything that can be done now, found by typing. */
export function Palette({ items, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => bestFirst(items, query), [items, query]);
  const chosen = Math.min(at, found.length - 1);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const run = (item: PaletteItem | undefined) => {
    if (!item) return;
    // At once, so that the focus is back where it was before the command may move it.
    dialog.current?.close();
    onClose();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') run(found[chosen]);
    else if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(found.length, 1));
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + found.length) % Math.max(found.length, 1));
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Command palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <input
        className={styles.input}
        role="combobox"
        aria-label="Command"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={found[chosen] ? `palette-${found[chosen].id}` : undefined}
        placeholder="Type a command, or the name of a server or client"
        value={query}
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id="palette-list" role="listbox" aria-label="Commands" className={styles.list}>
        {found.map((item, index) => (
          <div
            key={item.id}
            id={`palette-${item.id}`}
            role="option"
            aria-selected={index === chosen}
            className={classes(styles.item, index === chosen && styles.chosen)}
            onPointerMove={() => setAt(index)}
            onPointerUp={() => run(item)}
          >
            <span className={styles.label}>{item.label}</span>
            {item.detail ? <kbd className={styles.keys}>{item.detail}</kbd> : null}
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className={styles.none}>Nothing is called that.</p> : null}
    </dialog>
  );
}
