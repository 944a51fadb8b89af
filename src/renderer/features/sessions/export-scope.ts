import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { labelOf } from '../../client/endpoint-title.ts';
import { filterOfTab, noFilter, scopeFilter, shownFilter } from '../../client/filters-store.ts';
import type { Services } from '../../client/services.ts';
import { activeTab } from '../../client/tabs-store.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { strings } from './strings.ts';

export type ScopeKind = 'whole' | 'shown' | 'endpoint' | 'socket';

/** The parts of a session that can be saved from a tab. */
export interface ScopeChoices {
  /** The complete filter of the tab; empty if the user has set no filter. */
  readonly shown: string;
  /** The part of it that the user entered. */
  readonly text: string;
  readonly endpoint: { readonly name: string; readonly filter: string } | undefined;
  /** The socket of the selected record, or 0. */
  readonly socket: number;
}

/** Returns the choices for `session` in the active tab. */
export function scopeChoices(services: Services, session: SessionView): ScopeChoices {
  const tab = activeTab(services.tabs.getState());
  if (!tab) return { shown: '', text: '', endpoint: undefined, socket: 0 };
  const filter = filterOfTab(services.filters.getState(), tab.id);
  const id = tab.kind === 'endpoint' ? tab.endpoint : undefined;
  const view = id === undefined ? undefined : services.live.getState().endpoints.get(id);
  const selection = services.selection.getState().byTab[tab.id];
  const isFiltered = filter.mode === 'filter' && filter.text !== '';
  return {
    shown: isFiltered ? shownFilter(filter, id) : '',
    text: isFiltered ? filter.text : '',
    endpoint: view && { name: labelOf(view), filter: scopeFilter(noFilter, view.id) },
    socket: selection?.session === session.id ? selection.row.socket : 0,
  };
}

export interface ScopeSelection {
  readonly kind: ScopeKind;
  readonly socket: number;
  readonly direction: 'both' | 'in' | 'out';
}

/** Returns the scope of the records selected. */
export function scopeOf({ kind, socket, direction }: ScopeSelection, { shown, endpoint }: ScopeChoices): Scope {
  const filter = kind === 'shown' ? shown : kind === 'endpoint' ? (endpoint?.filter ?? '') : '';
  return {
    ...(filter === '' ? {} : { filter }),
    ...(kind === 'socket' ? { sockets: [socket] } : {}),
    ...(direction === 'both' ? {} : { direction }),
  };
}

/** Returns the label of a socket in a list: its number, its endpoint's name and its peer. */
export function socketLabel({ id, name, peer, local, role }: SocketInfo): string {
  return shownText(`${id} · ${name} · ${role === 'listener' ? strings.scope.listener(local) : peer || local}`);
}
