import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { labelOf } from '../../client/endpoint-title.ts';
import { filterOfTab, noFilter, scopeFilter, shownFilter } from '../../client/filters-store.ts';
import type { Services } from '../../client/services.ts';
import { activeTab } from '../../client/tabs-store.ts';
import { shownText } from '../../ui/escape-symbol.ts';

export type ScopeKind = 'whole' | 'shown' | 'endpoint' | 'socket';

/** What can be chosen of a session, given the tab it is looked at in. */
export interface ScopeChoices {
  /** The filter of what the tab shows; empty where it shows all, or all of its endpoint. */
  readonly shown: string;
  /** The part of it that a person wrote. */
  readonly text: string;
  readonly endpoint: { readonly name: string; readonly filter: string } | undefined;
  /** The socket of the chosen record, 0 for none. */
  readonly socket: number;
}

/** The choices for `session` in the active tab. */
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

/** The records that `selection` means. */
export function scopeOf({ kind, socket, direction }: ScopeSelection, { shown, endpoint }: ScopeChoices): Scope {
  const filter = kind === 'shown' ? shown : kind === 'endpoint' ? (endpoint?.filter ?? '') : '';
  return {
    ...(filter === '' ? {} : { filter }),
    ...(kind === 'socket' ? { sockets: [socket] } : {}),
    ...(direction === 'both' ? {} : { direction }),
  };
}

/** A socket in a list: its number, its endpoint's name, the other side. */
export function socketLabel({ id, name, peer, local, role }: SocketInfo): string {
  return shownText(`${id} · ${name} · ${role === 'listener' ? `listens on ${local}` : peer || local}`);
}
