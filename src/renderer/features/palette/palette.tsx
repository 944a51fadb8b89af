import { useEffect, useRef } from 'react';
import { type SearchItem, SearchList } from '../../ui/search-list.tsx';
import styles from './palette.module.css';
import { bestFirst } from './search.ts';

/** One line of the palette. */
export interface PaletteItem extends SearchItem {
  readonly run: () => void;
}

interface PaletteProps {
  readonly items: readonly PaletteItem[];
  readonly onClose: () => void;
}

/** Everything that can be done now, found by typing. */
export function Palette({ items, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  const run = (item: PaletteItem) => {
    // At once, so that the focus is back where it was before the command may move it.
    dialog.current?.close();
    onClose();
    item.run();
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
      <SearchList
        label="Command"
        placeholder="Type a command, or the name of a server or client"
        none="No matching command"
        size="large"
        items={items}
        find={bestFirst}
        onSelect={run}
      />
    </dialog>
  );
}
