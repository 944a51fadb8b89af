import { type Joining, joinFilter } from '../../client/filter-commands.ts';
import { filterOfTab } from '../../client/filters-store.ts';
import { useServices } from '../../client/use-services.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { copyText } from '../../ui/copy-text.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import type { TreeNode } from './tree.ts';
import { placeFilter, valueFilter } from './tree-filters.ts';

interface TreeMenuProps {
  readonly tab: string;
  readonly node: TreeNode;
  readonly x: number;
  readonly y: number;
  readonly onUse: ((node: TreeNode) => void) | undefined;
  readonly onClose: () => void;
}

/** What can be done with a node of a message's tree: filter by it, copy it, use it. */
export function TreeMenu({ tab, node, x, y, onUse, onClose }: TreeMenuProps) {
  const services = useServices();
  const { text, mode } = filterOfTab(services.filters.getState(), tab);
  const canAdd = mode === 'filter' && text !== '';
  const value = node.place && valueFilter(node.place);
  const place = node.place && placeFilter(node.place);
  const entry = (label: string, filter: string | undefined, how: Joining): MenuItem[] =>
    filter === undefined
      ? []
      : [
          {
            id: `${how} ${filter}`,
            label,
            detail: how === 'exclude' ? `!(${filter})` : filter,
            run: () => joinFilter(services, tab, filter, how),
          },
        ];
  const items: MenuItem[] = [
    ...entry('Filter by this value', value, 'only'),
    ...entry('Filter by having this field', place, 'only'),
    ...(canAdd ? entry('And this value', value, 'and') : []),
    ...(canAdd ? entry('And having this field', place, 'and') : []),
    ...entry('Exclude this value', value, 'exclude'),
    { id: 'path', label: 'Copy path', detail: node.path, ruled: true, run: () => void copyText(node.path) },
    { id: 'value', label: 'Copy value', run: () => void copyText(node.value()) },
  ];
  if (onUse) items.push({ id: 'use', label: 'Use as payload', run: () => onUse(node) });
  return <ContextMenu label={node.label} items={items} x={x} y={y} onClose={onClose} />;
}
