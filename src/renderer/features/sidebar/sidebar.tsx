import { ChevronDown, ChevronRight, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import type { EndpointView } from '#shared/contract/models.ts';
import { endingText } from '#shared/socket/state.ts';
import { ownFramingOf } from '../../bridge/live-store.ts';
import { clearEnded, openFormTab, showEndpoint } from '../../state/endpoint-commands.ts';
import { labelOf, ownName, titleOf } from '../../state/endpoint-form.ts';
import { useLive, useServices, useWorkspace } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { RowMenu, useRowMenu } from '../../ui/row-menu.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { classes, countOf, shortAddress } from '../../ui/text.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { OtherEndButton } from './other-end-button.tsx';
import { isProgramRow, ProgramRow, programRows } from './program-rows.tsx';
import { SavedRow } from './saved-row.tsx';
import { createSavedSection, type SavedRowData, savedRows } from './saved-rows.ts';
import styles from './sidebar.module.css';
import { endpointItems, type SidebarRowData, sidebarRows, socketItems } from './sidebar-rows.ts';
import { strings } from './strings.ts';

const height = 26;

/** Servers with their peers, clients and traced programs, with their states. */
export function Sidebar() {
  const services = useServices();
  const endpoints = useLive((live) => live.endpoints);
  const sockets = useLive((live) => live.sockets);
  const active = useStore(services.tabs, ({ tabs, active: id }) => {
    const tab = tabs.find((other) => other.id === id);
    return tab?.kind === 'endpoint' ? tab.endpoint : undefined;
  });
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const documents = useWorkspace((workspace) => (workspace.view ? workspace.documents : undefined));
  const query = useStore(services.own(createSavedSection), (state) => state.query);
  const saved = useMemo(() => (documents ? savedRows(documents, collapsed, query) : []), [documents, collapsed, query]);
  const open = useMemo(
    () => sidebarRows(endpoints, sockets, { collapsed, unfolded }),
    [endpoints, sockets, collapsed, unfolded],
  );
  const programs = useLive((live) => live.programs);
  const traced = useMemo(() => programRows(programs), [programs]);
  const rows = useMemo(() => [...open, ...traced, ...saved], [open, traced, saved]);

  const toggle = (id: string) => setCollapsed((before) => toggled(before, id));
  const unfold = (id: string) => setUnfolded((before) => toggled(before, id));
  const fold = (id: string) => setUnfolded((before) => (before.has(id) ? toggled(before, id) : before));

  return (
    <nav className={styles.sidebar} aria-label={strings.label} tabIndex={-1}>
      <VirtualList
        total={rows.length}
        rowHeight={height}
        className={styles.list}
        renderRow={(index) => {
          const row = rows[index];
          if (!row) return null;
          if (row.kind === 'heading') {
            return (
              <div className={styles.heading}>
                <h2 className={styles.title}>{row.title}</h2>
                <IconButton small label={row.add} onClick={() => openFormTab(services, row.role)}>
                  <Plus size={14} aria-hidden />
                </IconButton>
              </div>
            );
          }
          if (row.kind === 'empty') {
            return (
              <div className={styles.none}>
                <span>{row.text}</span>
                <Button variant="ghost" small onClick={() => openFormTab(services, row.role)}>
                  {row.offer}
                </Button>
              </div>
            );
          }
          if (isProgramRow(row)) return <ProgramRow row={row} />;
          if (isSavedRow(row)) return <SavedRow row={row} onToggle={toggle} />;
          if (row.kind === 'ended') return <EndedRow row={row} onToggle={unfold} onClear={fold} />;
          return <SidebarRow row={row} active={row.kind === 'endpoint' && row.view.id === active} onToggle={toggle} />;
        }}
      />
    </nav>
  );
}

function isSavedRow(row: SidebarRowData | SavedRowData): row is SavedRowData {
  return row.kind.startsWith('saved');
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

interface SidebarRowProps {
  readonly row: SidebarRowData & { kind: 'endpoint' | 'peer' };
  readonly active: boolean;
  readonly onToggle: (endpoint: string) => void;
}

/** An endpoint or a peer, with its menu. */
function SidebarRow({ row, active, onToggle }: SidebarRowProps) {
  const services = useServices();
  const menu = useRowMenu();
  const isPeer = row.kind === 'peer';
  const label = isPeer ? row.socket.peer || strings.socket(row.socket.id) : labelOf(row.view);
  const { state } = isPeer ? row.socket : row.view;
  const framing = useLive((live) => (isPeer ? ownFramingOf(live, row.socket) : ''));
  return (
    <div className={classes(styles.row, isPeer && styles.peer, active && styles.active)}>
      {row.kind === 'endpoint' && row.view.config.role === 'server' ? (
        <button
          type="button"
          className={styles.twist}
          aria-expanded={!row.collapsed}
          aria-label={strings.peersOf(label)}
          onClick={() => onToggle(row.view.id)}
        >
          {row.collapsed ? <ChevronRight size={12} aria-hidden /> : <ChevronDown size={12} aria-hidden />}
        </button>
      ) : (
        <span className={styles.twist} />
      )}
      <button
        type="button"
        className={styles.name}
        title={[
          `${label}: ${state}${howEnded(row)}`,
          isPeer ? row.socket.security : '',
          framing && strings.framing(framing),
        ]
          .filter(Boolean)
          .join(', ')}
        onClick={() => showEndpoint(services, isPeer ? row.socket.endpoint : row.view.id)}
        onContextMenu={menu.onContextMenu}
      >
        <StateMark state={state} />
        {isPeer ? (
          <span className={styles.address}>{shortAddress(row.socket.peer) || strings.socket(row.socket.id)}</span>
        ) : (
          <Title view={row.view} />
        )}
        {framing === '' ? null : <span className={styles.state}>{framing}</span>}
        <span className={styles.state}>{stateText(row)}</span>
      </button>
      <OtherEndButton row={row} />
      <RowMenu
        state={menu}
        label={strings.actionsOf(label)}
        className={styles.more}
        items={() => (isPeer ? socketItems(services, row.socket) : endpointItems(services, row.view))}
      />
    </div>
  );
}

function Title({ view }: { readonly view: EndpointView }) {
  const { name, address } = titleOf(view);
  if (ownName(view.config) === '') {
    return <span className={classes(styles.address, styles.sole)}>{[name, address].filter(Boolean).join(' ')}</span>;
  }
  return (
    <>
      <span className={styles.text}>{name}</span>
      <span className={styles.address}>{address}</span>
    </>
  );
}

/** Returns why it was closed, for the tooltip. */
function howEnded(row: SidebarRowProps['row']): string {
  const { ended } = row.kind === 'peer' ? row.socket : row.view;
  if (!ended) return '';
  return ` ${endingText(ended, row.kind === 'peer' ? row.socket.transport : row.view.config.transport)}`;
}

function stateText(row: SidebarRowProps['row']): string {
  if (row.kind === 'peer') {
    if (row.socket.queued > 0) return strings.unsent(row.socket.queued);
    if (row.socket.readingStopped) return strings.notReading;
    return row.socket.incomplete?.overdue ? strings.incomplete : row.socket.state;
  }
  const { state, peers, accepting } = row.view;
  if (state === 'listening' && !accepting) return strings.notAccepting;
  return (state === 'listening' || state === 'bound') && peers > 0 ? countOf(peers, 'peer') : state;
}

const { ended: words } = strings;

interface EndedRowProps {
  readonly row: SidebarRowData & { kind: 'ended' };
  readonly onToggle: (endpoint: string) => void;
  readonly onClear: (endpoint: string) => void;
}

/** The number of disconnected peers that are not listed, with buttons to list and to remove them. */
function EndedRow({ row: { view, count, unfolded }, onToggle, onClear }: EndedRowProps) {
  const services = useServices();
  const label = labelOf(view);
  return (
    <div className={classes(styles.row, styles.ended)}>
      <button
        type="button"
        className={styles.name}
        aria-expanded={unfolded}
        aria-label={words.countOf(count, label)}
        title={words.help}
        onClick={() => onToggle(view.id)}
      >
        {unfolded ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <span>{words.count(count)}</span>
      </button>
      <Button
        small
        variant="ghost"
        aria-label={words.removeOf(label)}
        title={words.removeHelp}
        onClick={(event) => {
          // This button disappears: keep the focus in the side bar.
          event.currentTarget.closest('nav')?.focus();
          onClear(view.id);
          void clearEnded(services, view.id);
        }}
      >
        {words.remove}
      </Button>
    </div>
  );
}
