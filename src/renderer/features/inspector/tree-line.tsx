import { ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import { limitMarks } from '#shared/bytes/clusters.ts';
import { hiddenSource } from '#shared/bytes/hidden.ts';
import { contextOf, listed, type ShownNode } from '../../state/action.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { ContextMenu } from '../../ui/popover.tsx';
import { classes, shownText } from '../../ui/text.ts';
import styles from './message-views.module.css';
import { strings } from './strings.ts';
import { treeActions } from './tree-actions.ts';
import type { TreeRow } from './tree-state.ts';

/** Longer values are truncated in their row; “Copy value” copies the whole value. */
const maxShown = 400;

interface TreeLineProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly selected: boolean;
  /** The text to find, which is highlighted in the row. */
  readonly needle: string;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
  readonly onMenu: (x: number, y: number) => void;
}

/** One node of a message's tree, with its name and value. */
export function TreeLine({ id, row, selected, needle, onSelect, onToggle, onMenu }: TreeLineProps) {
  const { node, depth, open, rest } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus and handles the keys for all items.
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={node.children && rest === undefined ? open : undefined}
      aria-selected={selected}
      className={classes(styles.line, selected && styles.selected)}
      style={{ paddingLeft: 8 + depth * 14 }}
      onClick={onSelect}
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

/** The number of children that are not shown, and the button that shows more. */
function Rest({ count, onMore }: { readonly count: number; readonly onMore: () => void }) {
  return (
    <>
      <span className={styles.branch}>{strings.tree.more(count)}</span>
      <Button small variant="ghost" tabIndex={-1} onClick={onMore}>
        {strings.showMore}
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

/** Shows `text` on one line, with the first occurrence of `needle` highlighted. */
function Marked({ text, needle }: { readonly text: string; readonly needle: string }) {
  // Removes half of a surrogate pair at the end.
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

/** Shows `text` with invisible characters as highlighted escapes. */
function Visible({ text }: { readonly text: string }) {
  return limitMarks(text)
    .split(control)
    .map((piece, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the order of the pieces of a text never changes.
      <Fragment key={index}>
        {index % 2 === 0 ? piece : <span className={styles.escape}>{shownText(piece)}</span>}
      </Fragment>
    ));
}

interface TreeMenuProps {
  readonly node: ShownNode;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

/** The context menu of a node. */
export function TreeMenu({ node, label, x, y, onClose }: TreeMenuProps) {
  const items = listed(treeActions, { ...contextOf(useServices()), node });
  return <ContextMenu label={label} items={items} x={x} y={y} onClose={onClose} />;
}
