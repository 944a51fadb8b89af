import { isNumeric } from '#shared/filter/exact-number.ts';
import { equalsFilter, formatFilter } from '#shared/filter/format.ts';
import type { TreeNode, TreePlace } from './tree.ts';

/** A matching node, and the branches that contain it. */
interface TreeMatch {
  readonly path: string;
  readonly ancestors: readonly { readonly path: string; readonly index: number }[];
}

/** Maximum number of matches listed. */
const maxMatches = 10_000;
/** Maximum number of nodes searched: more would block the page while the user types. */
export const maxVisited = 50_000;

interface TreeMatches {
  readonly list: readonly TreeMatch[];
  /** The tree has more nodes than were searched. */
  readonly isPart: boolean;
}

/** Returns the nodes of `root` whose name or value contains `text`, in order, including those in closed branches. */
export function treeMatches(root: TreeNode, text: string): TreeMatches {
  const list: TreeMatch[] = [];
  let left = maxVisited;
  if (text === '') return { list, isPart: false };
  const ancestors: { readonly path: string; readonly index: number }[] = [];
  const walk = (node: TreeNode): void => {
    left -= 1;
    const isValue = node.kind !== 'branch' && node.text.includes(text);
    if (isValue || node.label.includes(text)) list.push({ path: node.path, ancestors: [...ancestors] });
    if (!node.children) return;
    for (const [index, child] of node.children(left).entries()) {
      if (left <= 0 || list.length >= maxMatches) return;
      ancestors.push({ path: node.path, index });
      walk(child);
      ancestors.pop();
    }
  };
  walk(root);
  return { list, isPart: left <= 0 };
}

/** Returns the index of the match after `path`, or before it if `backward`; wraps at either end. `undefined` without matches. */
export function nextMatch(
  matches: readonly TreeMatch[],
  path: string | undefined,
  backward: boolean,
): number | undefined {
  if (matches.length === 0) return undefined;
  const at = matches.findIndex((match) => match.path === path);
  if (at < 0) return backward ? matches.length - 1 : 0;
  return (at + (backward ? -1 : 1) + matches.length) % matches.length;
}

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
const firstChildren = 1_000;

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
function moreChildren(shown: number): number {
  return shown * 10;
}

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

/** A filter by a longer text would be unreadable, and its beginning alone is not equal to the value. */
const maxValue = 1_000;

/** Returns the filter for messages with this value at this path; `undefined` if the node is not a single value. */
export function valueFilter({ format, steps, value }: TreePlace): string | undefined {
  if (value === undefined) return undefined;
  if (isNumeric(value) && !Number.isFinite(typeof value === 'number' ? value : value.number)) return undefined;
  if (typeof value === 'string' && value.length > maxValue) return undefined;
  return equalsFilter(format, steps, value);
}

/** Returns the filter for messages in which this path exists. */
export function placeFilter({ format, steps }: TreePlace): string {
  return formatFilter({ kind: 'tree', format, path: steps, test: { op: 'exists' } });
}
