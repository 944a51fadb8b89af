import type { TreeNode } from './tree.ts';

/** A matching node, and the branches that contain it. */
export interface TreeMatch {
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
