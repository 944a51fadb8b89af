import type { TreeMatch } from './tree-find.ts';
import { firstChildren, moreChildren, type TreeRow, type TreeState } from './tree-rows.ts';

/** Opens or closes a branch; on a row for further children, shows more of them. */
export function toggledState({ toggled, shown }: TreeState, { node, open, rest }: TreeRow): TreeState {
  if (rest === undefined) return { toggled: new Map(toggled).set(node.path, !open), shown };
  const before = shown.get(node.path) ?? firstChildren;
  return { toggled, shown: new Map(shown).set(node.path, moreChildren(before)) };
}

/** Opens the branches that contain a match, and shows enough of their children. */
export function revealed(state: TreeState, { ancestors }: TreeMatch): TreeState {
  const toggled = new Map(state.toggled);
  const shown = new Map(state.shown);
  for (const { path, index } of ancestors) {
    toggled.set(path, true);
    if (index >= (shown.get(path) ?? firstChildren)) shown.set(path, index + 1);
  }
  return { toggled, shown };
}

/** Returns what `key` does at row `at`: toggles it, or moves to another row; `undefined` for other keys. */
export function keyEffect(key: string, rows: readonly TreeRow[], at: number): 'toggle' | number | undefined {
  const row = rows[at];
  if (!row) return undefined;
  const isBranch = row.node.children !== undefined;
  const opens = key === 'ArrowRight' && isBranch && !row.open && row.rest === undefined;
  const closes = key === 'ArrowLeft' && row.open;
  if ((key === 'Enter' && isBranch) || opens || closes) return 'toggle';
  const last = rows.length - 1;
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(at + 1, last);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'ArrowLeft':
      return Math.max(
        rows.findLastIndex((other, index) => index < at && other.depth < row.depth),
        0,
      );
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
