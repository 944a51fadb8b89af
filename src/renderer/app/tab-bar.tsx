import { House, ListOrdered, Lock, Plus, SquareTerminal, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { EndpointView, SessionView } from '#shared/contract/models.ts';

import { actionById, askCloseTab } from '../actions/actions.ts';
import { isMac, keysText } from '../actions/shortcuts.ts';
import { listName } from '../features/lists/list-store.ts';
import { runAction } from '../state/action.ts';
import { ownName, readForm, titleOf } from '../state/endpoint-form.ts';
import type { EndpointForm } from '../state/form-fields.ts';
import { isChanged } from '../state/saved-endpoints.ts';
import { useLive, useServices, useTabs } from '../state/services.ts';
import type { Tab } from '../state/tabs.ts';
import { IconButton } from '../ui/button.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { classes, shownText } from '../ui/text.ts';
import styles from './tab-bar.module.css';

const unsaved = 'unsaved changes';

/** Returns the title of a tab. */
export function tabTitle(tab: Tab, view: EndpointView | undefined, session: SessionView | undefined): string {
  switch (tab.kind) {
    case 'start':
      return 'Start';
    case 'lessons':
      return 'Lessons';
    case 'session':
      return session ? shownText(session.name) : 'session';
    case 'program':
      return shownText(tab.name);
    case 'send-list':
      return shownText(listName(tab.path));
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

/** The tabs: start page, servers, clients and opened sessions. */
export function TabBar() {
  const services = useServices();
  const tabs = useTabs((state) => state.tabs);
  const active = useTabs((state) => state.active);
  const list = useRef<HTMLDivElement>(null);
  const newTab = actionById('new-tab');

  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === active);
    if (event.key === 'Delete') askCloseTab(services, active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    services.tabs.setState({ active: next.id });
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };

  return (
    <div className={styles.bar}>
      <div ref={list} role="tablist" aria-label="Pages" className={styles.list} onKeyDown={move}>
        {tabs.map((tab) => (
          <TabHandle key={tab.id} tab={tab} active={tab.id === active} />
        ))}
      </div>
      <IconButton label="New tab" hint={keysText(newTab.keys ?? '', isMac)} onClick={() => runAction(newTab, services)}>
        <Plus size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

function TabHandle({ tab, active }: { readonly tab: Tab; readonly active: boolean }) {
  const services = useServices();
  const endpoint = tab.kind === 'endpoint' ? tab.endpoint : undefined;
  const view = useLive((live) => (endpoint === undefined ? undefined : live.endpoints.get(endpoint)));
  const session = useLive((live) => (tab.kind === 'session' ? live.sessions.get(tab.session) : undefined));
  const title = tabTitle(tab, view, session);
  const handle = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = handle.current;
    if (!active || !element) return;
    // The widths of the title and of the window may change.
    const observer = new ResizeObserver(() => element.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
    observer.observe(element);
    if (element.parentElement) observer.observe(element.parentElement);
    return () => observer.disconnect();
  }, [active]);
  return (
    <div ref={handle} className={classes(styles.tab, active && styles.active)}>
      <button
        type="button"
        role="tab"
        data-tab={tab.id}
        aria-selected={active}
        aria-controls="page-panel"
        tabIndex={active ? 0 : -1}
        className={styles.name}
        onClick={() => services.tabs.setState({ active: tab.id })}
        onAuxClick={(event) => {
          if (event.button === 1) askCloseTab(services, tab.id);
        }}
      >
        {tab.kind === 'start' ? <House size={13} aria-hidden /> : null}
        {tab.kind === 'session' ? <Lock size={13} aria-label="read-only" /> : null}
        {tab.kind === 'program' ? <SquareTerminal size={13} aria-label="program" /> : null}
        {tab.kind === 'send-list' ? <ListOrdered size={13} aria-hidden /> : null}
        {tab.kind === 'endpoint' ? <StateMark state={view?.state ?? 'idle'} /> : null}
        <span className={styles.title}>{title}</span>
        {tab.kind === 'endpoint' && isChanged(tab, view) ? (
          <span className={styles.dot} role="img" aria-label={unsaved} title={unsaved} />
        ) : null}
      </button>
      <IconButton small label={`Close ${title}`} className={styles.close} onClick={() => askCloseTab(services, tab.id)}>
        <X size={13} aria-hidden />
      </IconButton>
    </div>
  );
}
