import type { EndpointView, SessionView } from '#shared/contract/models.ts';
import { ownName, titleOf } from '../client/endpoint-title.ts';
import type { Tab } from '../client/tabs-store.ts';

/** What stands on a tab. */
export function tabTitle(tab: Tab, view: EndpointView | undefined, session: SessionView | undefined): string {
  switch (tab.kind) {
    case 'start':
      return 'Start';
    case 'session':
      return session?.name ?? 'session';
    case 'endpoint': {
      if (!view) return tab.form.role === 'server' ? 'new server' : 'new client';
      const { name, address } = titleOf(view);
      return [name, brief(view, address)].filter(Boolean).join(' ');
    }
  }
}

/** A tab is narrow: of a path its end, and beside a name the port alone. */
function brief({ config }: EndpointView, address: string): string {
  if (config.transport === 'local') return address.slice(address.search(/[^/\\]*$/));
  return ownName(config) === '' ? address : address.slice(address.lastIndexOf(':'));
}
