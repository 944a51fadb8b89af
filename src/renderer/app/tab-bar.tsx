import { House, Lock, Plus, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { actionById, askCloseTab } from '../actions/actions.ts';
import { keysText } from '../actions/shortcuts.ts';
import { isMac } from '../actions/use-shortcuts.ts';
import type { Tab } from '../client/tabs-store.ts';
import { useLive, useServices, useTabs } from '../client/use-services.ts';
import { IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { StateMark } from '../ui/state-mark.tsx';
import styles from './tab-bar.module.css';
import { tabTitle } from './tab-title.ts';

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
      <IconButton label="New tab" hint={keysText(newTab.keys ?? '', isMac)} onClick={() => newTab.run(services)}>
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
        {tab.kind === 'endpoint' ? <StateMark state={view?.state ?? 'idle'} /> : null}
        <span className={styles.title}>{title}</span>
      </button>
      <IconButton small label={`Close ${title}`} className={styles.close} onClick={() => askCloseTab(services, tab.id)}>
        <X size={13} aria-hidden />
      </IconButton>
    </div>
  );
}
