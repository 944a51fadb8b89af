import { type Joining, joinFilter } from '../../client/filter-commands.ts';
import { filterOfTab } from '../../client/filters-store.ts';
import { useServices } from '../../client/use-services.ts';
import { ContextMenu } from '../../ui/context-menu.tsx';
import { copyText } from '../../ui/copy-text.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { strings } from './strings.ts';
import type { TreeNode } from './tree.ts';
import { placeFilter, valueFilter } from './tree-filters.ts';

const texts = strings.tree;

interface TreeMenuProps {
  readonly tab: string;
  readonly node: TreeNode;
  readonly x: number;
  readonly y: number;
  readonly onUse: ((node: TreeNode) => void) | undefined;
  readonly onClose: () => void;
}

/** The context menu of a node: filter by it, copy it, use it as a payload. */
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
    ...entry(texts.filterByValue, value, 'only'),
    ...entry(texts.filterByField, place, 'only'),
    ...(canAdd ? entry(texts.andValue, value, 'and') : []),
    ...(canAdd ? entry(texts.andField, place, 'and') : []),
    ...entry(texts.excludeValue, value, 'exclude'),
    { id: 'path', label: texts.copyPath, detail: node.path, ruled: true, run: () => void copyText(node.path) },
    { id: 'value', label: texts.copyValue, run: () => void copyText(node.value()) },
  ];
  if (onUse) items.push({ id: 'use', label: strings.usePayload, run: () => onUse(node) });
  return <ContextMenu label={node.label} items={items} x={x} y={y} onClose={onClose} />;
}
