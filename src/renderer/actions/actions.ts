import { recordingOf } from '../bridge/live-store.ts';
import { payloadActions } from '../features/composer/payload-actions.ts';
import { treeActions } from '../features/inspector/tree-actions.ts';
import { lessonActions } from '../features/lessons/lesson-store.ts';
import { listActions } from '../features/lists/list-actions.ts';
import { askNewSession, selectRecordingPlace } from '../features/sessions/stored-commands.ts';
import { savedActions, savingActions } from '../features/sidebar/saved-rows.ts';
import { endpointActions, peerActions } from '../features/sidebar/sidebar-rows.ts';
import { rowActions } from '../features/traffic/row-actions.ts';
import { workspaceActions } from '../features/workspace/workspace-commands.ts';
import { type Action, action } from '../state/action.ts';
import { showDialog } from '../state/dialogs.ts';
import {
  closeTab,
  closeTabEndpoint,
  isOpenState,
  needsConfirmation,
  openFormTab,
  openStartTab,
  openTabEndpoint,
} from '../state/endpoint-commands.ts';
import { showStatistics } from '../state/filters.ts';
import type { Services } from '../state/services.ts';
import { currentSession, openSession } from '../state/sessions.ts';
import { isNarrow, nextTheme, setTrafficLayout, togglePane, trafficLayout, trafficLayouts } from '../state/settings.ts';
import { socketActions } from '../state/socket-commands.ts';
import { activeTab, type EndpointTab } from '../state/tabs.ts';
import { libraryActions } from './library-actions.ts';
import { trafficActions } from './traffic-actions.ts';

function endpointTab({ tabs }: Services): EndpointTab | undefined {
  const tab = activeTab(tabs.getState());
  return tab?.kind === 'endpoint' ? tab : undefined;
}

function isOpen(services: Services): boolean {
  const endpoint = endpointTab(services)?.endpoint;
  return endpoint !== undefined && isOpenState(services.live.getState().endpoints.get(endpoint));
}

/** Closes a tab. Asks first if a listening server would be left running without a tab. */
export function askCloseTab(services: Services, id: string): void {
  const tab = services.tabs.getState().tabs.find((other) => other.id === id);
  if (!tab) return;
  if (needsConfirmation(services, tab)) showDialog(services.dialogs, { kind: 'close-server', tab: id });
  else void closeTab(services, id);
}

/** Moves the focus to the part of the page with `data-focus` set to `name`. */
function focusOn(name: string): void {
  const part = document.querySelector<HTMLElement>(`[data-focus="${name}"]`);
  const field = part?.querySelector<HTMLElement>('textarea, [contenteditable], .native-edit-context') ?? part;
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

const hasEndpointTab = (services: Services) => endpointTab(services) !== undefined;

function goToTab(number: number): Action {
  return action(
    `tab-${number}`,
    `Go to tab ${number}`,
    ({ tabs }) => {
      const tab = tabs.getState().tabs[number - 1];
      if (tab) tabs.setState({ active: tab.id });
    },
    { keys: `Mod+${number}`, enabled: ({ tabs }) => tabs.getState().tabs.length >= number },
  );
}

/** All actions. */
export const actions: readonly Action[] = [
  ...savingActions,
  ...listActions,
  ...lessonActions,
  ...payloadActions,
  action('launch-server', 'Launch server', (services) => openFormTab(services, 'server')),
  action('connect', 'Connect to…', (services) => openFormTab(services, 'client'), { keys: 'Mod+N' }),
  action(
    'toggle-endpoint',
    'Launch or stop server / connect or disconnect client',
    (services) => {
      const tab = endpointTab(services);
      if (!tab) openFormTab(services, 'server');
      else if (isOpen(services)) void closeTabEndpoint(services, tab.id);
      else void openTabEndpoint(services, tab.id);
    },
    { keys: 'Mod+Shift+L' },
  ),
  action('new-session', 'Start new session', (services) => void askNewSession(services)),
  action('open-session', 'Open session…', (services) => void openSession(services), { keys: 'Mod+O' }),
  action(
    'save-session',
    'Save session…',
    (services) => {
      const session = currentSession(services);
      if (session) showDialog(services.dialogs, { kind: 'save-session', session: session.id });
    },
    { keys: 'Mod+Shift+S', enabled: (services) => currentSession(services) !== undefined },
  ),
  action('recent-sessions', 'Show recent sessions', ({ dialogs }) => showDialog(dialogs, { kind: 'stored-sessions' })),
  action(
    'rename-session',
    'Rename session…',
    (services) => {
      const session = currentSession(services);
      if (session)
        showDialog(services.dialogs, { kind: 'rename-session', session: { path: session.path, name: session.name } });
    },
    { enabled: (services) => currentSession(services) !== undefined },
  ),
  action('move-session', 'Record to a different file…', (services) => void selectRecordingPlace(services), {
    enabled: ({ live }) => recordingOf(live.getState()) !== undefined,
  }),
  action(
    'sent-messages',
    'Show sent messages',
    ({ dialogs, tabs }) => showDialog(dialogs, { kind: 'sent-messages', tab: tabs.getState().active }),
    { keys: 'Alt+S', enabled: (services) => currentSession(services) !== undefined },
  ),
  action('settings', 'Open settings', ({ dialogs }) => showDialog(dialogs, { kind: 'settings' })),
  ...libraryActions,
  ...trafficActions,
  ...rowActions,
  ...treeActions,
  ...peerActions,
  ...socketActions,
  ...endpointActions,
  ...savedActions,
  ...workspaceActions,
  action(
    'generate-code',
    'Generate code…',
    (services) => {
      const tab = endpointTab(services);
      if (tab) showDialog(services.dialogs, { kind: 'generate-code', tab: tab.id });
    },
    { enabled: hasEndpointTab },
  ),
  action('new-tab', 'Open new tab', openStartTab, { keys: 'Mod+T' }),
  action('close-tab', 'Close tab', (services) => askCloseTab(services, services.tabs.getState().active), {
    keys: 'Mod+W',
  }),
  action('palette', 'Show command palette', ({ dialogs }) => showDialog(dialogs, { kind: 'palette' }), {
    keys: 'Mod+K',
  }),
  action('focus-address', 'Focus address', () => focusOn('host'), {
    keys: 'Mod+L',
    enabled: hasEndpointTab,
  }),
  action('focus-traffic', 'Focus traffic', () => focusOn('traffic')),
  action(
    'toggle-statistics',
    'Toggle: statistics / records',
    ({ statistics, tabs }) => {
      const tab = tabs.getState().active;
      showStatistics(statistics, tab, statistics.getState().byTab[tab] !== true);
    },
    { enabled: (services) => activeTab(services.tabs.getState())?.kind !== 'start' },
  ),
  action('focus-payload', 'Focus payload', () => focusOn('payload'), { enabled: hasEndpointTab }),
  action('toggle-composer', 'Toggle composer', ({ settings }) => togglePane(settings, 'composer', isNarrow()), {
    keys: 'Mod+J',
  }),
  action('toggle-sidebar', 'Toggle side bar', ({ settings }) => togglePane(settings, 'sidebar', isNarrow()), {
    keys: 'Mod+B',
  }),
  action('toggle-inspector', 'Toggle inspector', ({ settings }) => togglePane(settings, 'inspector', isNarrow()), {
    keys: 'Mod+I',
  }),
  action('traffic-view', 'Next view: table / stream / sequence', ({ settings }) => {
    const shown = trafficLayouts.indexOf(trafficLayout(settings.getState()));
    setTrafficLayout(settings, trafficLayouts[(shown + 1) % trafficLayouts.length] ?? 'table');
  }),
  action('theme', 'Change theme (system, dark, light)', ({ settings }) => {
    settings.setState((state) => ({ theme: nextTheme(state.theme) }));
  }),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(goToTab),
];

const byId = new Map(actions.map((one) => [one.id, one]));

/** Returns the action `id`. Throws if it does not exist. */
export function actionById(id: string): Action {
  const found = byId.get(id);
  if (!found) throw new Error(`there is no action ${id}`);
  return found;
}
