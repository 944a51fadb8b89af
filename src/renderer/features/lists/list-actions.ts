import { type Action, type ActionContext, action, contextOf, listed } from '../../state/action.ts';
import { hasFileManager, showInFileManager } from '../../state/document-commands.ts';
import type { Services } from '../../state/services.ts';
import type { MenuItem } from '../../ui/popover.tsx';
import {
  addList,
  canRunList,
  createLists,
  duplicateList,
  endListJob,
  jobOfList,
  listName,
  openList,
  removeList,
  runList,
  saveList,
} from './list-store.ts';
import { strings } from './strings.ts';

const { actions: texts } = strings;

/** Returns the list that an action is applied to: that of the menu, or the one that the active tab shows. */
function pathIn({ list, tab }: ActionContext): string | undefined {
  return list ?? (tab?.kind === 'send-list' ? tab.path : undefined);
}

type Rest = Pick<Action, 'keys' | 'danger' | 'detail'> & {
  readonly enabled?: (services: Services, path: string) => boolean;
};

/** Returns an action on the list in the context. */
function listAction(
  id: string,
  label: string,
  run: (services: Services, path: string) => void,
  { enabled = () => true, ...rest }: Rest = {},
): Action {
  return {
    ...rest,
    tabKind: 'send-list',
    id,
    label,
    title: (context) => texts.of(label, listName(pathIn(context) ?? '')),
    applies: (context) => pathIn(context) !== undefined,
    enabled: (context) => {
      const path = pathIn(context);
      return path !== undefined && enabled(context.services, path);
    },
    run: (context) => {
      const path = pathIn(context);
      if (path !== undefined) run(context.services, path);
    },
  };
}

function runningJob({ live }: Services, path: string) {
  const job = jobOfList(live.getState(), path);
  return job?.state === 'running' ? job : undefined;
}

/** The actions in the menu of a list. */
const menuActions: readonly Action[] = [
  // The list of the active tab is open already.
  { ...listAction('open-list', texts.open, openList), applies: ({ list }) => list !== undefined },
  listAction('run-list', texts.run, (services, path) => void runList(services, path), {
    keys: 'Mod+Enter',
    enabled: canRunList,
  }),
  listAction(
    'stop-list',
    texts.stop,
    (services, path) => {
      const job = runningJob(services, path);
      if (job) void endListJob(services, job);
    },
    { enabled: (services, path) => runningJob(services, path) !== undefined },
  ),
  listAction('rename-list', texts.rename, (services, path) => services.own(createLists).setState({ renaming: path }), {
    detail: 'F2',
  }),
  {
    ...listAction('show-list', texts.show, (services, path) => void showInFileManager(services, path)),
    applies: (context) => hasFileManager(context.services) && pathIn(context) !== undefined,
  },
  listAction('duplicate-list', texts.duplicate, (services, path) => void duplicateList(services, path)),
  listAction('delete-list', texts.remove, (services, path) => void removeList(services, path), {
    detail: 'Del',
    danger: true,
  }),
];

/** The actions on the send lists of the workspace. */
export const listActions: readonly Action[] = [
  action('new-list', texts.add, (services) => void addList(services), {
    enabled: ({ workspace }) => workspace.getState().view !== undefined,
  }),
  listAction('save-list', texts.save, (services, path) => void saveList(services, path), {
    keys: 'Mod+S',
    enabled: (services, path) => services.own(createLists).getState().byPath[path]?.changed === true,
  }),
  ...menuActions,
];

/** Returns the menu of the list at `path`. */
export function listItems(services: Services, path: string): MenuItem[] {
  return listed(menuActions, { ...contextOf(services), list: path });
}
