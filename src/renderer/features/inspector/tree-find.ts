import type { TreeNode } from './tree.ts';

/** A node that has what is looked for, and the branches that lead to it. */
export interface TreeMatch {
  readonly path: string;
  readonly ancestors: readonly { readonly path: string; readonly index: number }[];
}

/** More matches than these are not listed: nobody walks through them. */
const maxMatches = 10_000;
/** Nodes that are looked at: more would stop the page while one types. */
export const maxVisited = 50_000;

interface TreeMatches {
  readonly list: readonly TreeMatch[];
  /** The tree has more nodes than were looked at. */
  readonly isPart: boolean;
}

/** The nodes of `root` whose name or value has `text`, open or not, from the top down; the first 10 000 at most. */
export function treeMatches(root: TreeNode, text: string): TreeMatches {
  const list: TreeMatch[] = [];
  let left = maxVisited;
  if (text === '') return { list, isPart: false };
  const way: { readonly path: string; readonly index: number }[] = [];
  const walk = (node: TreeNode): void => {
    left -= 1;
    const isValue = node.kind !== 'branch' && node.text.includes(text);
    if (isValue || node.label.includes(text)) list.push({ path: node.path, ancestors: [...way] });
    if (!node.children) return;
    for (const [index, child] of node.children(left).entries()) {
      if (left <= 0 || list.length >= maxMatches) return;
      way.push({ path: node.path, index });
      walk(child);
      way.pop();
    }
  };
  walk(root);
  return { list, isPart: left <= 0 };
}

/** The match behind `path`, or before it where `backward`; goes on at the other end. `undefined` where there is none. */
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
