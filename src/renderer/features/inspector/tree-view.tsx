import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { joinFilter } from '../../client/filter-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './inspector.module.css';
import { type TreeNode, type TreeRow, treeRows } from './tree.ts';
import { valueFilter } from './tree-filters.ts';
import { TreeMenu } from './tree-menu.tsx';

const rowHeight = 20;
/** A value longer than this is cut in its row; Copy value gives all of it. */
const maxShown = 400;

interface TreeViewProps {
  readonly tab: string;
  readonly root: TreeNode;
  readonly onUse: ((node: TreeNode) => void) | undefined;
}

/** A tree that arrow keys walk; what can be done with the chosen node stands below it. */
export function TreeView({ tab, root, onUse }: TreeViewProps) {
  const services = useServices();
  const [menu, setMenu] = useState<{ readonly node: TreeNode; readonly x: number; readonly y: number }>();
  const tree = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [at, setAt] = useState(0);
  const [moved, setMoved] = useState(false);
  const rows = useMemo(() => treeRows(root, toggled), [root, toggled]);
  const chosen = rows[Math.min(at, rows.length - 1)];
  const toggle = ({ node, open }: TreeRow) => setToggled((before) => new Map(before).set(node.path, !open));

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

interface TreeLineProps {
  readonly id: string;
  readonly row: TreeRow;
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
  readonly onMenu: (x: number, y: number) => void;
}

function TreeLine({ id, row, chosen, onChoose, onToggle, onMenu }: TreeLineProps) {
  const { node, depth, open } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree holds the focus and hears the keys for all of its items.
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={node.children ? open : undefined}
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
        disabled={!node.children}
      >
        {node.children ? open ? <ChevronDown size={12} /> : <ChevronRight size={12} /> : null}
      </button>
      <span className={styles.key}>{node.label}</span>
      <span className={styles[node.kind]}>{node.text.slice(0, maxShown)}</span>
    </div>
  );
}
