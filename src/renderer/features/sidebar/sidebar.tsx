import { Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import { openFormTab } from '../../state/endpoint-commands.ts';
import { useLive, useServices } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './sidebar.module.css';
import { EndedRow, SidebarRow } from './sidebar-row.tsx';
import { sidebarRows } from './sidebar-rows.ts';
import { strings } from './strings.ts';

const height = 26;

/** Servers with their peers, and clients, with their states. */
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
  const rows = useMemo(
    () => sidebarRows(endpoints, sockets, { collapsed, unfolded }),
    [endpoints, sockets, collapsed, unfolded],
  );

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
          if (row.kind === 'ended') return <EndedRow row={row} onToggle={unfold} onClear={fold} />;
          return <SidebarRow row={row} active={row.kind === 'endpoint' && row.view.id === active} onToggle={toggle} />;
        }}
      />
    </nav>
  );
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}
