import { useEffect, useRef } from 'react';
import styles from '../../ui/floating.module.css';
import { type SearchItem, SearchList } from '../../ui/search-list.tsx';
import { classes } from '../../ui/text.ts';

/** The UI strings of the command palette. */
const strings = {
  title: 'Command palette',
  command: 'Command',
  placeholder: 'Type a command, or the name of a server or client',
  none: 'No matching command',
} as const;

/**
 * Returns how well `query` matches `label`: lower is better, `undefined` for no match. A substring is better than letters in the
 * same order, and the start of a word is better than its middle.
 */
function costOf(label: string, query: string): number | undefined {
  const text = label.toLowerCase();
  const wanted = query.trim().toLowerCase();
  const run = text.indexOf(wanted);
  const length = label.length / 1_000;
  if (run >= 0) return (startsWord(text, run) ? 0 : 1) + length;
  let at = -1;
  let cost = 2;
  for (const char of wanted.replace(/\s+/g, '')) {
    const next = text.indexOf(char, at + 1);
    if (next < 0) return undefined;
    if (next !== at + 1) cost += startsWord(text, next) ? 1 : 2 + Math.min(next - at, 8);
    at = next;
  }
  return cost + length;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === ' ';
}

/** Returns the items that match `query`, best first; without a query, all in their order. */
export function bestFirst<Item extends { readonly label: string }>(items: readonly Item[], query: string): Item[] {
  if (query.trim() === '') return [...items];
  return items
    .flatMap((item) => {
      const cost = costOf(item.label, query);
      return cost === undefined ? [] : [{ item, cost }];
    })
    .sort((a, b) => a.cost - b.cost)
    .map(({ item }) => item);
}

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
      className={classes(styles.floating, styles.palette)}
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
