import { type KeyboardEvent, type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { shortText } from '#shared/bytes/clusters.ts';
import { joinFilter } from '../../client/filter-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { countText } from '../../ui/figures.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './inspector.module.css';
import type { TreeNode } from './tree.ts';
import { valueFilter } from './tree-filters.ts';
import { maxVisited, nextMatch, type TreeMatch, treeMatches } from './tree-find.ts';
import { TreeLine } from './tree-line.tsx';
import { TreeMenu } from './tree-menu.tsx';
import { firstChildren, moreChildren, type TreeRow, type TreeState, treeRows } from './tree-rows.ts';

const rowHeight = 20;

/** Looks for text in the names and values of a tree. */
export interface TreeFinder {
  /** Selects the next node that has `text`, or the one before, and opens what leads to it. Returns what is to be said. */
  find(text: string, backward: boolean): string;
}

interface TreeViewProps {
  readonly finder: Ref<TreeFinder>;
  /** What is looked for; empty where nothing is. */
  readonly needle: string;
  readonly tab: string;
  readonly root: TreeNode;
  readonly onUse: ((node: TreeNode) => void) | undefined;
}

/** A tree that arrow keys walk; what can be done with the chosen node stands below it. */
export function TreeView({ tab, root, finder, needle, onUse }: TreeViewProps) {
  const services = useServices();
  const [menu, setMenu] = useState<{ readonly node: TreeNode; readonly x: number; readonly y: number }>();
  const tree = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<TreeState>({ toggled: new Map(), shown: new Map() });
  const [at, setAt] = useState(0);
  const [moved, setMoved] = useState(false);
  const rows = useMemo(() => treeRows(root, state), [root, state]);
  const chosen = rows[Math.min(at, rows.length - 1)];
  const toggle = (row: TreeRow) => setState((before) => toggledState(before, row));

  const matches = useMemo(() => treeMatches(root, needle), [root, needle]);
  useImperativeHandle(
    finder,
    () => ({
      find(text, backward) {
        const found = text === needle ? matches : treeMatches(root, text);
        const next = nextMatch(found.list, chosen?.node.path, backward);
        const match = next === undefined ? undefined : found.list[next];
        const where = found.isPart ? `the first ${countText(maxVisited)} values of the tree` : 'the tree';
        if (next === undefined || match === undefined) return `Not found in ${where}`;
        const opened = revealed(state, match);
        setState(opened);
        setAt(treeRows(root, opened).findIndex(({ node, rest }) => node.path === match.path && rest === undefined));
        setMoved(true);
        return `${countText(next + 1)} of ${countText(found.list.length)}${found.isPart ? ` in ${where}` : ''}`;
      },
    }),
    [root, needle, matches, state, chosen],
  );

  const value = chosen?.node.place && valueFilter(chosen.node.place);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!chosen) return;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const box = tree.current?.querySelector('[aria-selected="true"]')?.getBoundingClientRect();
      if (box) setMenu({ node: chosen.node, x: box.left + 40, y: box.bottom });
      event.preventDefault();
      return;
    }
    const parent = rows.findLastIndex((row, index) => index < at && row.depth < chosen.depth);
    const opens = event.key === 'ArrowRight' && chosen.node.children && !chosen.open && chosen.rest === undefined;
    const closes = event.key === 'ArrowLeft' && chosen.open;
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowLeft: parent,
      Home: 0,
      End: rows.length - 1,
    };
    const to = targets[event.key];
    if (event.key === 'Enter' && chosen.node.children) toggle(chosen);
    else if (opens || closes) toggle(chosen);
    else if (to === undefined) return;
    else setAt(Math.min(Math.max(0, to), rows.length - 1));
    setMoved(true);
    event.preventDefault();
  };

  return (
    <div className={styles.column}>
      <div ref={tree} className={styles.tree}>
        <VirtualList
          total={rows.length}
          rowHeight={rowHeight}
          wide
          role="tree"
          aria-label="Message as a tree"
          tabIndex={0}
          reveal={moved ? at : undefined}
          onKeyDown={onKeyDown}
          aria-activedescendant={chosen ? `node-${rows.indexOf(chosen)}` : undefined}
          renderRow={(index) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <TreeLine
                id={`node-${index}`}
                row={row}
                chosen={row === chosen}
                needle={needle}
                onChoose={() => setAt(index)}
                onMenu={(x, y) => {
                  setAt(index);
                  setMenu({ node: row.node, x, y });
                }}
                onToggle={() => toggle(row)}
              />
            );
          }}
        />
      </div>
      {chosen ? (
        <div className={classes(styles.foot, styles.nodeFoot)}>
          {/* A path is as long as the names in it, which a peer chooses: Copy path gives all of it. */}
          <code className={styles.path} title={shortText(chosen.node.path)}>
            {shortText(chosen.node.path)}
          </code>
          {value === undefined ? null : (
            <Button small title={shortText(value)} onClick={() => joinFilter(services, tab, value, 'only')}>
              Filter by this value
            </Button>
          )}
          <CopyButton shown label="Copy path" text={chosen.node.path} />
          <CopyButton shown label="Copy value" text={chosen.node.value} />
          {onUse ? (
            <Button small onClick={() => onUse(chosen.node)}>
              Use as payload
            </Button>
          ) : null}
        </div>
      ) : null}
      {menu ? (
        <TreeMenu tab={tab} node={menu.node} x={menu.x} y={menu.y} onUse={onUse} onClose={() => setMenu(undefined)} />
      ) : null}
    </div>
  );
}

/** Opens or closes a branch; of a row for what is not shown, shows more of it. */
function toggledState({ toggled, shown }: TreeState, { node, open, rest }: TreeRow): TreeState {
  if (rest === undefined) return { toggled: new Map(toggled).set(node.path, !open), shown };
  const before = shown.get(node.path) ?? firstChildren;
  return { toggled, shown: new Map(shown).set(node.path, moreChildren(before)) };
}

/** Opens what leads to a match, as far as the match is shown. */
function revealed(state: TreeState, { ancestors }: TreeMatch): TreeState {
  const toggled = new Map(state.toggled);
  const shown = new Map(state.shown);
  for (const { path, index } of ancestors) {
    toggled.set(path, true);
    if (index >= (shown.get(path) ?? firstChildren)) shown.set(path, index + 1);
  }
  return { toggled, shown };
}
