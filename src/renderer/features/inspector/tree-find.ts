import type { TreeNode } from './tree.ts';

/** A node that has what is looked for, and the branches that lead to it. */
export interface TreeMatch {
  readonly path: string;
  readonly ancestors: readonly string[];
}

/** More matches than these are not listed: nobody walks through them. */
export const maxMatches = 10_000;

/** The nodes of `root` whose name or value has `text`, open or not, from the top down; the first 10 000 at most. */
export function treeMatches(root: TreeNode, text: string): TreeMatch[] {
  const matches: TreeMatch[] = [];
  if (text === '') return matches;
  const walk = (node: TreeNode, ancestors: readonly string[]): void => {
    if (matches.length >= maxMatches) return;
    const isValue = node.kind !== 'branch' && node.text.includes(text);
    if (isValue || node.label.includes(text)) matches.push({ path: node.path, ancestors });
    if (!node.children) return;
    const way = [...ancestors, node.path];
    for (const child of node.children()) walk(child, way);
  };
  walk(root, []);
  return matches;
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
