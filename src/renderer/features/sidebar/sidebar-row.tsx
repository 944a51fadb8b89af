import { ChevronDown, ChevronRight, Ellipsis } from 'lucide-react';
import { useRef, useState } from 'react';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { aimAt, closeEndpoint, isOpenState, removeEndpoint, showEndpoint } from '../../client/endpoint-commands.ts';
import { canSend } from '../../client/live-store.ts';
import { endSocket } from '../../client/send-command.ts';
import type { Services } from '../../client/services.ts';
import { useServices } from '../../client/use-services.ts';
import { shortAddress } from '../../ui/address.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { countOf } from '../../ui/figures.ts';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import styles from './sidebar.module.css';
import type { SidebarRowData } from './sidebar-rows.ts';

interface SidebarRowProps {
  readonly row: SidebarRowData & { kind: 'endpoint' | 'peer' };
  readonly active: boolean;
  readonly onToggle: (endpoint: string) => void;
}

/** One endpoint or one peer, with what can be done to it. */
export function SidebarRow({ row, active, onToggle }: SidebarRowProps) {
  const services = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const isPeer = row.kind === 'peer';
  const label = isPeer ? row.socket.peer : `${row.view.config.name} ${addressOf(row.view)}`;
  const state = isPeer ? row.socket.state : row.view.state;
  return (
    <div className={classes(styles.row, isPeer && styles.peer, active && styles.active)}>
      {row.kind === 'endpoint' && row.view.config.role === 'server' ? (
        <button
          type="button"
          className={styles.twist}
          aria-expanded={!row.collapsed}
          aria-label={`Peers of ${row.view.config.name}`}
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
        title={`${label}: ${state}`}
        onClick={() => showEndpoint(services, isPeer ? row.socket.endpoint : row.view.id)}
        onContextMenu={(event) => {
          event.preventDefault();
          setOpen(true);
        }}
      >
        <StateMark state={state} />
        {isPeer ? (
          <span className={styles.address}>{shortAddress(row.socket.peer)}</span>
        ) : (
          <>
            <span className={styles.text}>{row.view.config.name}</span>
            <span className={styles.address}>{addressOf(row.view)}</span>
          </>
        )}
        <span className={styles.state}>{stateText(row)}</span>
      </button>
      <IconButton
        ref={anchor}
        small
        label={`Actions for ${label}`}
        className={styles.more}
        onClick={() => setOpen(true)}
      >
        <Ellipsis size={14} aria-hidden />
      </IconButton>
      <Menu
        open={open}
        onClose={() => setOpen(false)}
        anchor={anchor}
        align="end"
        label={`Actions for ${label}`}
        items={isPeer ? socketItems(services, row.socket) : endpointItems(services, row.view)}
      />
    </div>
  );
}

function addressOf(view: EndpointView): string {
  return view.address === '' ? `:${view.config.port}` : shortAddress(view.address);
}

function stateText(row: SidebarRowData & { kind: 'endpoint' | 'peer' }): string {
  if (row.kind === 'peer') return row.socket.state;
  const { state, peers } = row.view;
  return state === 'listening' && peers > 0 ? countOf(peers, 'peer') : state;
}

function socketItems(services: Services, socket: SocketView): MenuItem[] {
  const end = (how: 'shutdown' | 'close' | 'reset') => () => void endSocket(services, how, socket.id);
  const isOpen = socket.state === 'connected' || socket.state === 'half-closed';
  return [
    {
      id: 'aim',
      label: 'Send to this peer only',
      disabled: !canSend(socket),
      run: () => aimAt(services, socket),
    },
    { id: 'shutdown', label: 'Shut down writing', detail: 'FIN', disabled: !canSend(socket), run: end('shutdown') },
    { id: 'close', label: 'Close', detail: 'close()', disabled: !isOpen, run: end('close') },
    { id: 'reset', label: 'Reset', detail: 'RST', danger: true, disabled: !isOpen, run: end('reset') },
  ];
}

function endpointItems(services: Services, view: EndpointView): MenuItem[] {
  const isServer = view.config.role === 'server';
  const isOpen = isOpenState(view);
  const close = () => void closeEndpoint(services, view.id);
  return [
    { id: 'show', label: 'Show', run: () => showEndpoint(services, view.id) },
    { id: 'close', label: isServer ? 'Stop server' : 'Disconnect client', disabled: !isOpen, run: close },
    {
      id: 'remove',
      label: 'Remove',
      danger: true,
      disabled: isOpen,
      run: () => void removeEndpoint(services, view.id),
    },
  ];
}
