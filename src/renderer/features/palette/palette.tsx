import { useEffect, useRef } from 'react';
import { classes } from '../../ui/classes.ts';
import floating from '../../ui/floating.module.css';
import { type SearchItem, SearchList } from '../../ui/search-list.tsx';
import styles from './palette.module.css';
import { bestFirst } from './search.ts';
import { strings } from './strings.ts';

/** An item of the palette. */
export interface PaletteItem extends SearchItem {
  readonly run: () => void;
}

interface PaletteProps {
  readonly items: readonly PaletteItem[];
  readonly onClose: () => void;
}

/** All available actions, with a search. */
export function Palette({ items, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);

  const run = (item: PaletteItem) => {
    // Closed first, so that the focus is restored before the command may move it.
    dialog.current?.close();
    onClose();
    item.run();
  };

  return (
    <dialog
      ref={dialog}
      className={classes(floating.floating, styles.dialog)}
      aria-label={strings.title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <SearchList
        label={strings.command}
        placeholder={strings.placeholder}
        none={strings.none}
        size="large"
        items={items}
        find={bestFirst}
        onSelect={run}
      />
    </dialog>
  );
}
