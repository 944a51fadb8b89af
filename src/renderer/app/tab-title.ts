import type { EndpointView, SessionView } from '#shared/contract/models.ts';
import { readForm } from '../client/endpoint-form.ts';
import { ownName, titleOf } from '../client/endpoint-title.ts';
import type { EndpointForm } from '../client/form-fields.ts';
import type { Tab } from '../client/tabs-store.ts';
import { shownText } from '../ui/escape-symbol.ts';

/** Returns the title of a tab. */
export function tabTitle(tab: Tab, view: EndpointView | undefined, session: SessionView | undefined): string {
  switch (tab.kind) {
    case 'start':
      return 'Start';
    case 'session':
      return session ? shownText(session.name) : 'session';
    case 'endpoint': {
      if (!view) return formTitle(tab.form);
      const { name, address } = titleOf(view);
      return [name, brief(view, address)].filter(Boolean).join(' ');
    }
  }
}

/** Returns the title of a tab whose endpoint has not been opened yet: its role and, if the form is valid, its address. */
function formTitle(form: EndpointForm): string {
  const read = readForm(form);
  if (!read.ok) return form.role === 'server' ? 'new server' : 'new client';
  const view = { config: read.config, address: '' };
  const { name, address } = titleOf(view);
  return [ownName(read.config) === '' ? form.role : '', name, brief(view, address)].filter(Boolean).join(' ');
}

/** Returns a short address for a narrow tab: the last part of a path, or only the port if there is a name. */
function brief({ config }: Pick<EndpointView, 'config'>, address: string): string {
  if (config.transport === 'local') return address.slice(address.search(/[^/\\]*$/));
  return ownName(config) === '' ? address : address.slice(address.lastIndexOf(':'));
}
