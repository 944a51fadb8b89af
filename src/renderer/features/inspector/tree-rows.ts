import type { TreeNode } from './tree.ts';

/** A visible node or, with `rest`, the number of its children that are not shown. */
export interface TreeRow {
  readonly node: TreeNode;
  readonly depth: number;
  readonly open: boolean;
  readonly rest?: number;
}

/** The branches that the user opened, closed or extended, by the path of the node. */
export interface TreeState {
  readonly toggled: ReadonlyMap<string, boolean>;
  /** Number of children shown of a branch that has more than `firstChildren`. */
  readonly shown: ReadonlyMap<string, number>;
}

/** Levels that are open initially, up to `maxFirstRows` rows. */
const openDepth = 4;
const maxFirstRows = 5_000;
/** Number of children of a branch shown initially. */
export const firstChildren = 1_000;

/** Returns the rows of the tree. A branch is open or closed as in `toggled`, else by its depth. */
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

/** Returns the number of children to show after “Show more”. */
export function moreChildren(shown: number): number {
  return shown * 10;
}
