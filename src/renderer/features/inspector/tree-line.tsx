import { ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { limitMarks } from '#shared/bytes/clusters.ts';
import { hiddenSource } from '#shared/bytes/hidden.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { countText } from '../../ui/figures.ts';
import styles from './inspector.module.css';
import type { TreeRow } from './tree-rows.ts';

/** A value longer than this is truncated in its row; Copy value gives all of it. */
const maxShown = 400;

interface TreeLineProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly chosen: boolean;
  /** What is looked for: marked in the row. */
  readonly needle: string;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
  readonly onMenu: (x: number, y: number) => void;
}

/** One node of a message's tree: its name and its value. */
export function TreeLine({ id, row, chosen, needle, onChoose, onToggle, onMenu }: TreeLineProps) {
  const { node, depth, open, rest } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree holds the focus and hears the keys for all of its items.
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={node.children && rest === undefined ? open : undefined}
      aria-selected={chosen}
      className={classes(styles.line, chosen && styles.chosen)}
      style={{ paddingLeft: 8 + depth * 14 }}
      onClick={onChoose}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(event.clientX, event.clientY);
      }}
      onDoubleClick={node.children ? onToggle : undefined}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-hidden
        className={styles.twist}
        onClick={onToggle}
        disabled={!node.children || rest !== undefined}
      >
        {node.children && rest === undefined ? open ? <ChevronDown size={12} /> : <ChevronRight size={12} /> : null}
      </button>
      {rest === undefined ? <Value row={row} needle={needle} /> : <Rest count={rest} onMore={onToggle} />}
    </div>
  );
}

/** What stands for children that are not shown. */
function Rest({ count, onMore }: { readonly count: number; readonly onMore: () => void }) {
  return (
    <>
      <span className={styles.branch}>{countText(count)} more</span>
      <Button small variant="ghost" tabIndex={-1} onClick={onMore}>
        Show more
      </Button>
    </>
  );
}

function Value({ row: { node }, needle }: Pick<TreeLineProps, 'row' | 'needle'>) {
  return (
    <>
      <span className={styles.key}>
        <Marked text={node.label} needle={needle} />
      </span>
      <span className={styles[node.kind]}>
        <Marked text={node.text} needle={node.kind === 'branch' ? '' : needle} />
      </span>
    </>
  );
}

/** `text` on one line, the first place of `needle` in it marked. */
function Marked({ text, needle }: { readonly text: string; readonly needle: string }) {
  // Half of a character at the end would be shown as such.
  const shown = text.slice(0, maxShown).replace(/[\ud800-\udbff]$/, '');
  const at = needle === '' ? -1 : shown.indexOf(needle);
  if (at < 0) return <Visible text={shown} />;
  const end = at + needle.length;
  return (
    <>
      <Visible text={shown.slice(0, at)} />
      <mark className={styles.match}>
        <Visible text={shown.slice(at, end)} />
      </mark>
      <Visible text={shown.slice(end)} />
    </>
  );
}

const control = new RegExp(`(${hiddenSource})`, 'u');

/** `text` with the names of what cannot be seen, drawn apart from the text. */
function Visible({ text }: { readonly text: string }) {
  return limitMarks(text)
    .split(control)
    .map((piece, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text are never in another order.
      <Fragment key={index}>
        {index % 2 === 0 ? piece : <span className={styles.escape}>{shownText(piece)}</span>}
      </Fragment>
    ));
}
