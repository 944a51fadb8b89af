import type { Action, ActionContext, ShownNode } from '../../state/action.ts';
import { filterOfTab, type Joining, joinFilter } from '../../state/filters.ts';
import { copyText } from '../../ui/button.tsx';
import { strings } from './strings.ts';

const texts = strings.tree;

/** Returns an action that filters by the selected node. */
function filterBy(id: string, label: string, how: Joining, filterOf: (node: ShownNode) => string | undefined): Action {
  const find = ({ node }: ActionContext) => node && filterOf(node);
  return {
    id,
    label,
    detail: (context) => (how === 'exclude' ? `!(${find(context)})` : (find(context) ?? '')),
    applies: (context) => find(context) !== undefined && (how !== 'and' || hasFilter(context)),
    enabled: hasNode,
    run: (context) => {
      const filter = find(context);
      if (filter !== undefined && context.node) joinFilter(context.services, context.node.tab, filter, how);
    },
  };
}

function hasFilter({ services, node }: ActionContext): boolean {
  const { text, mode } = filterOfTab(services.filters.getState(), node?.tab ?? '');
  return mode === 'filter' && text !== '';
}

const hasNode = ({ node }: ActionContext) => node !== undefined;
const value = ({ valueFilter }: ShownNode) => valueFilter;
const place = ({ placeFilter }: ShownNode) => placeFilter;

/** The actions on the selected node of a message's tree: filter by it, copy it, use it as a payload. */
export const treeActions: readonly Action[] = [
  filterBy('filter-value', texts.filterByValue, 'only', value),
  filterBy('filter-field', texts.filterByField, 'only', place),
  filterBy('and-value', texts.andValue, 'and', value),
  filterBy('and-field', texts.andField, 'and', place),
  filterBy('exclude-value', texts.excludeValue, 'exclude', value),
  {
    id: 'copy-path',
    group: 'node',
    label: texts.copyPath,
    detail: ({ node }) => node?.path ?? '',
    applies: hasNode,
    enabled: hasNode,
    run: ({ node }) => void copyText(node?.path ?? ''),
  },
  {
    id: 'copy-value',
    group: 'node',
    label: texts.copyValue,
    applies: hasNode,
    enabled: hasNode,
    run: ({ node }) => void copyText(node?.value() ?? ''),
  },
  {
    id: 'use-as-payload',
    group: 'node',
    label: strings.usePayload,
    applies: ({ node }) => node?.use !== undefined,
    enabled: hasNode,
    run: ({ node }) => node?.use?.(),
  },
];
