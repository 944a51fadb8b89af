import type { CallInput } from '#shared/contract/contract.ts';
import type { Failure } from '#shared/failure.ts';
import { type Action, action } from '../../state/action.ts';
import { showDialog } from '../../state/dialogs.ts';
import { showDone, showFailure } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import { createWorkspaceKeepers } from '../../state/workspace.ts';
import { copyText } from '../../ui/button.tsx';
import { strings } from './strings.ts';

const { menu: words, environment: environmentWords } = strings;

/** Stores what belongs to the open workspace: its page, and drafts. */
async function keepWorkspace(services: Services): Promise<void> {
  await Promise.all([...services.own(createWorkspaceKeepers)].map((keep) => keep()));
}

/** Opens another workspace. The tabs of this one come back with it. A failure is shown. */
export async function openWorkspace(services: Services, which: CallInput<'workspace.open'>): Promise<void> {
  await keepWorkspace(services);
  const opened = await services.client.call('workspace.open', which);
  if (!opened.ok) showFailure(services.notices, opened.error, 'open');
}

/** Creates a workspace and opens it. Returns why that failed. */
export async function createWorkspace(
  services: Services,
  workspace: CallInput<'workspace.create'>,
): Promise<Failure | undefined> {
  await keepWorkspace(services);
  const created = await services.client.call('workspace.create', workspace);
  return created.ok ? undefined : created.error;
}

/** Returns true in a host that has a dialog to select a folder. */
export function hasFolderDialog({ upload }: Pick<Services, 'upload'>): boolean {
  return upload === undefined;
}

/** Lets the user select a folder. Returns its handle; `undefined` if none was selected. A failure is shown. */
export async function selectFolder({ client, notices }: Services, title: string): Promise<string | undefined> {
  const selected = await client.call('dialogs.open', { title, purpose: 'folder' });
  if (!selected.ok) showFailure(notices, selected.error);
  return selected.ok ? (selected.value.file ?? undefined) : undefined;
}

async function openFolder(services: Services): Promise<void> {
  const folder = await selectFolder(services, words.selectFolder);
  if (folder !== undefined) await openWorkspace(services, { folder });
}

async function copyPath({ workspace, notices }: Services): Promise<void> {
  const { view } = workspace.getState();
  if (view && (await copyText(view.folder))) showDone(notices, words.copied, view.folder);
}

async function rescan({ client, notices }: Services): Promise<void> {
  const done = await client.call('workspace.rescan', {});
  if (!done.ok) showFailure(notices, done.error);
}

/** Presses the button of the page with `data-focus` set to `name`: it opens its menu. */
function press(name: string): void {
  document.querySelector<HTMLElement>(`[data-focus="${name}"]`)?.click();
}

const hasWorkspace = ({ workspace }: Services) => workspace.getState().view !== undefined;

/** The actions on the workspace and its environments. */
export const workspaceActions: readonly Action[] = [
  action('recent-workspaces', words.openRecent, () => press('workspace'), { enabled: hasWorkspace }),
  action('new-workspace', words.newWorkspace, ({ dialogs }) => showDialog(dialogs, { kind: 'new-workspace' }), {
    enabled: hasWorkspace,
  }),
  action('open-workspace', words.openFolder, (services) => void openFolder(services), {
    enabled: (services) => hasWorkspace(services) && hasFolderDialog(services),
  }),
  action('default-workspace', words.openDefault, (services) => void openWorkspace(services, { id: 'default' }), {
    enabled: ({ workspace }) => workspace.getState().view?.isDefault === false,
  }),
  action('copy-workspace-path', words.copyPath, (services) => void copyPath(services), { enabled: hasWorkspace }),
  action('rescan-workspace', words.rescan, (services) => void rescan(services), { enabled: hasWorkspace }),
  action('select-environment', environmentWords.action, () => press('environment'), {
    keys: 'Mod+E',
    enabled: hasWorkspace,
  }),
  action(
    'edit-environments',
    environmentWords.edit,
    ({ dialogs, workspace }) => {
      const { environment } = workspace.getState();
      showDialog(dialogs, { kind: 'environments', ...(environment !== undefined && { path: environment }) });
    },
    { enabled: hasWorkspace },
  ),
];
