import type { DocumentView } from '#shared/contract/documents.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { isEnded } from '../bridge/live-store.ts';
import type { MenuItem } from '../ui/popover.tsx';
import type { Selection } from './selection.ts';
import type { Services } from './services.ts';
import { activeTab, type Tab } from './tabs.ts';

/** The node of a message's tree that is selected. */
export interface ShownNode {
  /** Id of the tab whose record it belongs to. */
  readonly tab: string;
  readonly path: string;
  readonly value: () => string;
  /** A filter by the node's value, and one by its presence, if there are any. */
  readonly valueFilter: string | undefined;
  readonly placeFilter: string | undefined;
  /** Uses the node as a payload, where that is possible. */
  readonly use: (() => void) | undefined;
}

/** The cells of a record's row that offer filters. */
export const filterCells = ['seq', 'time', 'peer', 'dir', 'length', 'message'] as const;
export type FilterCell = (typeof filterCells)[number];

/** Where the menu of a record was opened. */
interface RecordPlace {
  /** Undefined if it was opened with the keyboard: it is then for the whole row. */
  readonly cell: FilterCell | undefined;
  /** The start of the session, milliseconds since the epoch. */
  readonly startAt: number;
}

/** What an action is applied to. */
export interface ActionContext {
  readonly services: Services;
  readonly tab: Tab | undefined;
  readonly endpoint?: EndpointView | undefined;
  readonly socket?: SocketView | undefined;
  readonly record?: Selection | undefined;
  readonly place?: RecordPlace | undefined;
  readonly node?: ShownNode | undefined;
  /** A saved endpoint, or a folder of them. */
  readonly saved?: DocumentView | undefined;
  /** The payloads and folders of a menu in the side bar; without a menu, the selected ones are meant. */
  readonly payloads?: readonly string[] | undefined;
  /** The send list of a menu in the side bar; without a menu, the one that the active tab shows is meant. */
  readonly list?: string | undefined;
}

type Text = string | ((context: ActionContext) => string);

/** A user's action. Menus, palette, toolbar and shortcuts share one list. */
export interface Action {
  readonly id: string;
  readonly label: Text;
  /** The label where nothing else says what the action is applied to, as in the palette. */
  readonly title?: Text;
  /** `Mod+Shift+S`: `Mod` is Ctrl, and ⌘ on a Mac. */
  readonly keys?: string | undefined;
  /** A selector: the keys are for this action only while the focus is inside such an element. Such actions are listed first. */
  readonly within?: string;
  /** The keys are for this action only while a tab of this kind is active. Such actions are listed first. */
  readonly tabKind?: Tab['kind'];
  /** The call, the filter, or the segment or frame sent. */
  readonly detail?: Text;
  /** One sentence on what it does. */
  readonly help?: string;
  readonly danger?: boolean;
  /** A menu draws a separator between actions of different groups. */
  readonly group?: string;
  /** Returns false where the action makes no sense: menus then do not list it. */
  readonly applies?: (context: ActionContext) => boolean;
  readonly enabled: (context: ActionContext) => boolean;
  readonly run: (context: ActionContext) => void;
}

/** An action in a menu. */
interface ListedAction extends MenuItem {
  readonly help: string | undefined;
}

/** Returns the text of an action in `context`. */
export function textIn(text: Text, context: ActionContext): string {
  return typeof text === 'string' ? text : text(context);
}

/** Returns true if `one` can run in `context`. */
export function canRun({ applies, enabled }: Action, context: ActionContext): boolean {
  return applies?.(context) !== false && enabled(context);
}

/** Returns the actions that make sense in `context`, as a menu lists them. */
export function listed(actions: readonly Action[], context: ActionContext): ListedAction[] {
  return actions
    .filter(({ applies }) => applies?.(context) !== false)
    .map(({ id, label, detail = '', help, danger = false, group, enabled, run }, index, shown) => ({
      id,
      label: textIn(label, context),
      detail: textIn(detail, context),
      help,
      danger,
      ruled: index > 0 && group !== shown[index - 1]?.group,
      disabled: !enabled(context),
      run: () => run(context),
    }));
}

/** Creates the place where the tree of a message puts its selected node. */
export function createShownNode(): { node?: ShownNode | undefined } {
  return {};
}

/** Returns what the actions of the active tab are applied to. */
export function contextOf(services: Services): ActionContext {
  const tab = activeTab(services.tabs.getState());
  if (!tab) return { services, tab };
  const record = services.selection.getState().byTab[tab.id];
  const { node } = services.own(createShownNode);
  if (tab.kind !== 'endpoint') return { services, tab, record, node };
  const saved = tab.document && services.workspace.getState().documents.get(tab.document.path);
  if (tab.endpoint === undefined) return { services, tab, record, node, saved };
  const endpoint = services.live.getState().endpoints.get(tab.endpoint);
  return { services, tab, endpoint, socket: socketOf(services, tab.endpoint, record), record, node, saved };
}

/** Returns the connection of the selected record or, if none is selected, the only one of the endpoint. */
function socketOf({ live }: Services, endpoint: string, record: Selection | undefined): SocketView | undefined {
  const { sockets } = live.getState();
  const selected = sockets.get(record?.row.socket ?? 0);
  const isOpen = (socket: SocketView) => socket.endpoint === endpoint && socket.role !== 'listener' && !isEnded(socket);
  if (selected && isOpen(selected)) return selected;
  let only: SocketView | undefined;
  for (const socket of sockets.values()) {
    if (!isOpen(socket)) continue;
    if (only) return undefined;
    only = socket;
  }
  return only;
}

/** Returns an action on the active tab. */
export function action(
  id: string,
  label: string,
  run: (services: Services) => void,
  more: { readonly keys?: string; readonly enabled?: (services: Services) => boolean } = {},
): Action {
  const { keys, enabled = () => true } = more;
  return { id, label, keys, enabled: ({ services }) => enabled(services), run: ({ services }) => run(services) };
}

/** Runs `one` on the active tab, if it can run there. */
export function runAction(one: Action, services: Services): void {
  const context = contextOf(services);
  if (canRun(one, context)) one.run(context);
}
