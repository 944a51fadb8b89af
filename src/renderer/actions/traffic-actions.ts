import { type Action, action } from '../state/action.ts';
import { showDialog } from '../state/dialogs.ts';
import { changeFilter, filterOfTab, showStatistics, type TabFilter } from '../state/filters.ts';
import type { Services } from '../state/services.ts';
import { currentSession } from '../state/sessions.ts';
import { activeTab } from '../state/tabs.ts';

/** Returns true if the active tab shows a session. */
const hasTraffic = (services: Services) =>
  activeTab(services.tabs.getState())?.kind !== 'start' && currentSession(services) !== undefined;

function filterOf({ tabs, filters }: Services): TabFilter {
  return filterOfTab(filters.getState(), tabs.getState().active);
}

const hasFilter = (services: Services) => hasTraffic(services) && filterOf(services).text !== '';

function change({ filters, tabs }: Services, next: Partial<TabFilter>): void {
  changeFilter(filters, tabs.getState().active, next);
}

/** Shows the traffic of the active tab if its statistics are shown, then calls `then`. */
function inTraffic({ statistics, tabs }: Services, then: () => void): void {
  const { active } = tabs.getState();
  if (statistics.getState().byTab[active] === true) {
    showStatistics(statistics, active, false);
    requestAnimationFrame(then);
  } else then();
}

function focusFilter(services: Services): void {
  inTraffic(services, () => {
    const field = document.querySelector<HTMLInputElement>('[data-focus="filter"]');
    field?.focus();
    field?.select();
  });
}

function goToMatch(services: Services, backward: boolean): void {
  services.traffic.request(services.tabs.getState().active, { kind: 'match', backward });
}

/** The actions on the records that the active tab shows. */
export const trafficActions: readonly Action[] = [
  action('focus-filter', 'Filter traffic', focusFilter, { keys: 'Mod+F', enabled: hasTraffic }),
  action('clear-filter', 'Clear filter', (services) => change(services, { text: '' }), { enabled: hasFilter }),
  action(
    'toggle-find',
    'Toggle: filter / find',
    (services) => change(services, { mode: filterOf(services).mode === 'find' ? 'filter' : 'find' }),
    { enabled: hasTraffic },
  ),
  action('next-match', 'Go to next match', (services) => goToMatch(services, false), {
    keys: 'F8',
    enabled: hasFilter,
  }),
  action('previous-match', 'Go to previous match', (services) => goToMatch(services, true), {
    keys: 'F7',
    enabled: hasFilter,
  }),
  action(
    'follow',
    'Follow new records',
    (services) => services.traffic.request(services.tabs.getState().active, { kind: 'end' }),
    { enabled: hasTraffic },
  ),
  action(
    'toggle-scope',
    'Toggle: this endpoint / all',
    (services) => change(services, { all: !filterOf(services).all }),
    { enabled: (services) => activeTab(services.tabs.getState())?.kind === 'endpoint' },
  ),
  action('go-to-record', 'Go to record…', ({ dialogs }) => showDialog(dialogs, { kind: 'go-to', to: 'record' }), {
    keys: 'Mod+G',
    enabled: hasTraffic,
  }),
  action('go-to-time', 'Go to time…', ({ dialogs }) => showDialog(dialogs, { kind: 'go-to', to: 'time' }), {
    enabled: hasTraffic,
  }),
  action(
    'export',
    'Export filtered records…',
    (services) => {
      const session = currentSession(services);
      if (session) showDialog(services.dialogs, { kind: 'save-session', session: session.id, scope: 'shown' });
    },
    { enabled: hasFilter },
  ),
  action(
    'reframe',
    'Re-frame recorded data…',
    (services) => {
      const session = currentSession(services);
      if (session) showDialog(services.dialogs, { kind: 'reframe', session: session.id });
    },
    { enabled: hasTraffic },
  ),
];
