import { sendDraft } from '../features/composer/send-command.ts';
import {
  createLibrary,
  discardUnsaved,
  duplicate,
  favouriteOf,
  newFolder,
  newPayload,
  openInComposer,
  remove,
  selectedPaths,
  toggleFavourite,
  unsavedKeys,
} from '../features/library/library-commands.ts';
import { strings } from '../features/library/strings.ts';
import { type Action, type ActionContext, action, contextOf, listed } from '../state/action.ts';
import { showDialog } from '../state/dialogs.ts';
import { hasFileManager, showInFileManager } from '../state/document-commands.ts';
import { baseName } from '../state/payload-text.ts';
import type { Services } from '../state/services.ts';
import { activeTab } from '../state/tabs.ts';
import type { MenuItem } from '../ui/popover.tsx';

const texts = strings.menu;

/** Shows a payload in the composer of the active tab and sends it to the composer's target; a problem is shown there. */
export async function sendPayloadFile(services: Services, path: string): Promise<void> {
  await openInComposer(services, path);
  const tab = activeTab(services.tabs.getState());
  if (tab?.kind === 'endpoint') await sendDraft(services, tab.id, { anyway: false });
}

/** The documents and folders that an action is applied to: those of the menu, or the selected ones. */
function pathsIn({ services, payloads }: ActionContext): readonly string[] {
  return payloads ?? selectedPaths(services);
}

function onePayload(context: ActionContext): string | undefined {
  const [path, ...more] = pathsIn(context);
  const { documents } = context.services.workspace.getState();
  const isFolder = path !== undefined && documents.get(path)?.kind === 'folder';
  return more.length > 0 || isFolder ? undefined : path;
}

function oneDocument(context: ActionContext): string | undefined {
  const [path, ...more] = pathsIn(context);
  const { documents } = context.services.workspace.getState();
  return path !== undefined && more.length === 0 && documents.has(path) ? path : undefined;
}

/** Returns an action on what is selected in the side bar; `find` returns what it is applied to. */
function libraryAction<T>(
  id: string,
  label: Action['label'],
  find: (context: ActionContext) => T | undefined,
  run: (services: Services, found: T) => void,
): Action {
  return {
    id,
    label,
    title: (context) => {
      const [path = ''] = pathsIn(context);
      return texts.of(typeof label === 'string' ? label : label(context), baseName(path));
    },
    applies: (context) => find(context) !== undefined,
    enabled: (context) => find(context) !== undefined,
    run: (context) => {
      const found = find(context);
      if (found !== undefined) run(context.services, found);
    },
  };
}

function savedPayload(context: ActionContext): string | undefined {
  const path = onePayload(context);
  return path !== undefined && context.services.workspace.getState().documents.has(path) ? path : undefined;
}

function someOf(context: ActionContext, isWanted: (path: string) => boolean): readonly string[] | undefined {
  const paths = pathsIn(context);
  return paths.length > 0 && paths.every(isWanted) ? paths : undefined;
}

/** The actions on the selected payloads and folders of the side bar. */
const selectionActions: readonly Action[] = [
  libraryAction('open-payload', texts.open, onePayload, (services, path) => void openInComposer(services, path)),
  {
    ...libraryAction(
      'send-payload-file',
      texts.send,
      onePayload,
      (services, path) => void sendPayloadFile(services, path),
    ),
    detail: (context) => {
      const view = context.services.workspace.getState().documents.get(onePayload(context) ?? '');
      return view?.payload?.favourite === undefined ? '' : texts.favouriteKey(view.payload.favourite);
    },
  },
  libraryAction('rename-file', texts.rename, oneDocument, (services, path) =>
    services.own(createLibrary).setState({ renaming: path }),
  ),
  libraryAction(
    'move-payloads',
    texts.move,
    (context) => someOf(context, (path) => context.services.workspace.getState().documents.has(path)),
    ({ dialogs }, paths) => showDialog(dialogs, { kind: 'move-payloads', paths }),
  ),
  libraryAction(
    'show-payload',
    texts.show,
    (context) => (hasFileManager(context.services) ? oneDocument(context) : undefined),
    (services, path) => void showInFileManager(services, path),
  ),
  libraryAction(
    'duplicate-payload',
    texts.duplicate,
    (context) =>
      someOf(context, (path) => context.services.workspace.getState().documents.get(path)?.kind === 'payload'),
    (services, paths) => void duplicate(services, paths),
  ),
  libraryAction(
    'toggle-favourite',
    (context) => {
      const view = context.services.workspace.getState().documents.get(onePayload(context) ?? '');
      return view?.payload?.favourite === undefined ? texts.favourite : texts.noFavourite;
    },
    savedPayload,
    (services, path) => void toggleFavourite(services, path),
  ),
  {
    ...libraryAction(
      'delete-payload',
      texts.delete,
      (context) => someOf(context, () => true),
      (services, paths) => void remove(services, paths),
    ),
    danger: true,
  },
];

/** The actions on the payloads in the side bar. */
export const libraryActions: readonly Action[] = [
  action('new-payload', strings.newPayload, (services) => void newPayload(services), { enabled: hasWorkspace }),
  action('new-payload-folder', strings.newFolder, (services) => void newFolder(services), { enabled: hasWorkspace }),
  action('import-payloads', strings.importFiles, ({ dialogs }) => showDialog(dialogs, { kind: 'import', files: [] }), {
    enabled: hasWorkspace,
  }),
  action('discard-unsaved', strings.discardAll, discardUnsaved, {
    enabled: (services) => unsavedKeys(services).length > 0,
  }),
  ...selectionActions,
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((key) =>
    action(
      `send-favourite-${key}`,
      texts.sendFavourite(key),
      (services) => {
        const path = favouriteOf(services, key);
        if (path !== undefined) void sendPayloadFile(services, path);
      },
      { keys: `Alt+${key}`, enabled: (services) => favouriteOf(services, key) !== undefined },
    ),
  ),
];

function hasWorkspace({ workspace }: Services): boolean {
  return workspace.getState().view !== undefined;
}

/** Returns the menu of the documents and folders `payloads`. */
export function libraryItems(services: Services, payloads: readonly string[]): MenuItem[] {
  return listed(selectionActions, { ...contextOf(services), payloads });
}
