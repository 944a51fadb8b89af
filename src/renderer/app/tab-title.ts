import type { EndpointView, SessionView } from '#shared/contract/models.ts';
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
      const { config, address } = view;
      if (config.transport === 'local') return `${config.name} ${config.path.slice(config.path.lastIndexOf('/') + 1)}`;
      const port = address === '' ? `:${config.port}` : address.slice(address.lastIndexOf(':'));
      return `${config.name} ${port}`;
    }
  }
}
