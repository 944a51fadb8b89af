import type { TreeNode } from './tree.ts';

/** A node in sight, or, with `rest`, how many further children of it are not. */
export interface TreeRow {
  readonly node: TreeNode;
  readonly depth: number;
  readonly open: boolean;
  readonly rest?: number;
}

/** What a person has opened, closed and asked for, by the path of the node. */
export interface TreeState {
  readonly toggled: ReadonlyMap<string, boolean>;
  /** Children that are shown of a branch that has more than `firstChildren`. */
  readonly shown: ReadonlyMap<string, number>;
}

/** Levels that are open at first, as long as there are no more rows than `maxFirstRows`. */
const openDepth = 4;
const maxFirstRows = 5_000;
/** Children that are shown of a branch before more are asked for. */
export const firstChildren = 1_000;

/** The rows in sight when each branch is open or not: as `toggled` says, else by depth. */
export function treeRows(root: TreeNode, { toggled, shown }: TreeState): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (node: TreeNode, depth: number) => {
    const isFirst = depth < openDepth && rows.length < maxFirstRows;
    const open = node.children !== undefined && (toggled.get(node.path) ?? isFirst);
    rows.push({ node, depth, open });
    if (!open || !node.children) return;
    const limit = shown.get(node.path) ?? firstChildren;
    for (const child of node.children(limit)) walk(child, depth + 1);
    if (node.childCount > limit) rows.push({ node, depth: depth + 1, open: false, rest: node.childCount - limit });
  };
  walk(root, 0);
  return rows;
}

/** How many children of a branch are shown after one has asked for more. */
export function moreChildren(shown: number): number {
  return shown * 10;
}
