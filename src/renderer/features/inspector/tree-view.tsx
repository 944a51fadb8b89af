import {
  type Dispatch,
  type KeyboardEvent,
  type Ref,
  type SetStateAction,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { shortText } from '#shared/bytes/clusters.ts';
import { createShownNode, type ShownNode } from '../../state/action.ts';
import { joinFilter } from '../../state/filters.ts';
import { useServices } from '../../state/services.ts';
import { Button, CopyButton } from '../../ui/button.tsx';
import { classes } from '../../ui/text.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './message-views.module.css';
import { strings } from './strings.ts';
import type { TreeNode } from './tree.ts';
import { TreeLine, TreeMenu } from './tree-line.tsx';
import {
  keyEffect,
  maxVisited,
  nextMatch,
  placeFilter,
  revealed,
  type TreeRow,
  type TreeState,
  toggledState,
  treeMatches,
  treeRows,
  valueFilter,
} from './tree-state.ts';

const texts = strings.tree;
const rowHeight = 20;

/** Finds text in the names and values of a tree. */
export interface TreeFinder {
  /** Selects the next or previous node that contains `text`, and opens the branches around it. Returns the status to show. */
  find(text: string, backward: boolean): string;
}

interface TreeViewProps {
  readonly finder: Ref<TreeFinder>;
  /** The text to find; empty for none. */
  readonly needle: string;
  readonly tab: string;
  readonly root: TreeNode;
  readonly onUse: ((node: TreeNode) => void) | undefined;
}

/** Which branches are open, and which row is selected. */
interface TreePosition {
  readonly tree: TreeState;
  readonly at: number;
  /** The selection was moved by a key or a search: its row is scrolled into view. */
  readonly moved: boolean;
}

/** A tree with keyboard navigation, and the actions for the selected node below it. */
export function TreeView({ tab, root, finder, needle, onUse }: TreeViewProps) {
  const [menu, setMenu] = useState<{ readonly node: TreeNode; readonly x: number; readonly y: number }>();
  const element = useRef<HTMLDivElement>(null);
  const [{ tree, at, moved }, setPosition] = useState<TreePosition>({
    tree: { toggled: new Map(), shown: new Map() },
    at: 0,
    moved: false,
  });
  const rows = useMemo(() => treeRows(root, tree), [root, tree]);
  const selected = rows[Math.min(at, rows.length - 1)];
  useTreeFinder(finder, { root, needle, tree, selected, setPosition });
  useShownNode(tab, selected, onUse);
  const select = (index: number) => setPosition((before) => ({ ...before, at: index }));
  const toggle = (row: TreeRow) => setPosition((before) => ({ ...before, tree: toggledState(before.tree, row) }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (!selected) return;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const box = element.current?.querySelector('[aria-selected="true"]')?.getBoundingClientRect();
      if (box) setMenu({ node: selected.node, x: box.left + 40, y: box.bottom });
      event.preventDefault();
      return;
    }
    const effect = keyEffect(event.key, rows, rows.indexOf(selected));
    if (effect === undefined) return;
    if (effect === 'toggle') toggle(selected);
    setPosition((before) => ({ ...before, at: effect === 'toggle' ? before.at : effect, moved: true }));
    event.preventDefault();
  };

  const renderRow = (index: number) => {
    const row = rows[index];
    if (!row) return null;
    return (
      <TreeLine
        id={`node-${index}`}
        row={row}
        selected={row === selected}
        needle={needle}
        onSelect={() => select(index)}
        onMenu={(x, y) => {
          select(index);
          setMenu({ node: row.node, x, y });
        }}
        onToggle={() => toggle(row)}
      />
    );
  };

  const closeMenu = () => setMenu(undefined);
  return (
    <div className={styles.column}>
      <div ref={element} className={styles.tree}>
        <VirtualList
          total={rows.length}
          rowHeight={rowHeight}
          wide
          role="tree"
          aria-label={texts.label}
          tabIndex={0}
          reveal={moved ? at : undefined}
          onKeyDown={onKeyDown}
          aria-activedescendant={selected ? `node-${rows.indexOf(selected)}` : undefined}
          renderRow={renderRow}
        />
      </div>
      {selected ? <NodeActions tab={tab} node={selected.node} onUse={onUse} /> : null}
      {menu ? (
        <TreeMenu {...menu} node={shownNode(tab, menu.node, onUse)} label={menu.node.label} onClose={closeMenu} />
      ) : null}
    </div>
  );
}

/** Makes the selected node the one that actions apply to. */
function useShownNode(tab: string, selected: TreeRow | undefined, onUse: TreeViewProps['onUse']): void {
  const place = useServices().own(createShownNode);
  useEffect(() => {
    place.node = selected && shownNode(tab, selected.node, onUse);
    return () => {
      place.node = undefined;
    };
  }, [place, tab, selected, onUse]);
}

/** Returns `node` as the actions on it need it. */
function shownNode(tab: string, node: TreeNode, onUse: TreeViewProps['onUse']): ShownNode {
  return {
    tab,
    path: node.path,
    value: () => node.value(),
    valueFilter: node.place && valueFilter(node.place),
    placeFilter: node.place && placeFilter(node.place),
    use: onUse && (() => onUse(node)),
  };
}

interface FinderUse extends Pick<TreeViewProps, 'root' | 'needle'> {
  readonly tree: TreeState;
  readonly selected: TreeRow | undefined;
  readonly setPosition: Dispatch<SetStateAction<TreePosition>>;
}

/** Provides `finder` with the search in the tree. */
function useTreeFinder(finder: Ref<TreeFinder>, { root, needle, tree, selected, setPosition }: FinderUse): void {
  const matches = useMemo(() => treeMatches(root, needle), [root, needle]);
  useImperativeHandle(
    finder,
    () => ({
      find(text, backward) {
        const found = text === needle ? matches : treeMatches(root, text);
        const next = nextMatch(found.list, selected?.node.path, backward);
        const match = next === undefined ? undefined : found.list[next];
        const where = found.isPart ? texts.firstValues(maxVisited) : texts.all;
        if (next === undefined || match === undefined) return texts.notFound(where);
        const opened = revealed(tree, match);
        const at = treeRows(root, opened).findIndex(({ node, rest }) => node.path === match.path && rest === undefined);
        setPosition({ tree: opened, at, moved: true });
        const count = found.list.length;
        return found.isPart ? texts.matchIn(next + 1, count, where) : texts.match(next + 1, count);
      },
    }),
    [root, needle, matches, tree, selected, setPosition],
  );
}

interface NodeActionsProps extends Pick<TreeViewProps, 'tab' | 'onUse'> {
  readonly node: TreeNode;
}

/** The path of the selected node, and the buttons that filter by it, copy it or use it. */
function NodeActions({ tab, node, onUse }: NodeActionsProps) {
  const services = useServices();
  const value = node.place && valueFilter(node.place);
  return (
    <div className={classes(styles.foot, styles.nodeFoot)}>
      {/* The names in a path come from the peer and may be long: “Copy path” copies the whole path. */}
      <code className={styles.path} title={shortText(node.path)}>
        {shortText(node.path)}
      </code>
      {value === undefined ? null : (
        <Button small title={shortText(value)} onClick={() => joinFilter(services, tab, value, 'only')}>
          {texts.filterByValue}
        </Button>
      )}
      <CopyButton shown label={texts.copyPath} text={node.path} />
      <CopyButton shown label={texts.copyValue} text={node.value} />
      {onUse ? (
        <Button small onClick={() => onUse(node)}>
          {strings.usePayload}
        </Button>
      ) : null}
    </div>
  );
}
