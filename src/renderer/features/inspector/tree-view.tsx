import { type KeyboardEvent, type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { joinFilter } from '../../client/filter-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { countText } from '../../ui/figures.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './inspector.module.css';
import { type TreeNode, type TreeRow, treeRows } from './tree.ts';
import { valueFilter } from './tree-filters.ts';
import { nextMatch, treeMatches } from './tree-find.ts';
import { TreeLine } from './tree-line.tsx';
import { TreeMenu } from './tree-menu.tsx';

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
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [at, setAt] = useState(0);
  const [moved, setMoved] = useState(false);
  const rows = useMemo(() => treeRows(root, toggled), [root, toggled]);
  const chosen = rows[Math.min(at, rows.length - 1)];
  const toggle = ({ node, open }: TreeRow) => setToggled((before) => new Map(before).set(node.path, !open));

  const matches = useMemo(() => treeMatches(root, needle), [root, needle]);
  useImperativeHandle(
    finder,
    () => ({
      find(text, backward) {
        const found = text === needle ? matches : treeMatches(root, text);
        const next = nextMatch(found, chosen?.node.path, backward);
        const match = next === undefined ? undefined : found[next];
        if (next === undefined || match === undefined) return 'Not found in the tree';
        const opened = new Map(toggled);
        for (const path of match.ancestors) opened.set(path, true);
        setToggled(opened);
        setAt(treeRows(root, opened).findIndex(({ node }) => node.path === match.path));
        setMoved(true);
        return `${countText(next + 1)} of ${countText(found.length)}`;
      },
    }),
    [root, needle, matches, toggled, chosen],
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
    const opens = event.key === 'ArrowRight' && chosen.node.children && !chosen.open;
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
          <code className={styles.path} title={chosen.node.path}>
            {chosen.node.path}
          </code>
          {value === undefined ? null : (
            <Button small title={value} onClick={() => joinFilter(services, tab, value, 'only')}>
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
