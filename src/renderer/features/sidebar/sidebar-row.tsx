import { ChevronDown, ChevronRight, Ellipsis } from 'lucide-react';
import { useRef, useState } from 'react';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { showDialog } from '../../client/dialogs-store.ts';
import { aimAt, closeEndpoint, isOpenState, removeEndpoint, showEndpoint } from '../../client/endpoint-commands.ts';
import { canSend } from '../../client/live-store.ts';
import type { Services } from '../../client/services.ts';
import { socketActions } from '../../client/socket-actions.ts';
import { useServices } from '../../client/use-services.ts';
import { shortAddress } from '../../ui/address.ts';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { bytesText, countOf } from '../../ui/figures.ts';
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
  const label = isPeer
    ? row.socket.peer || `socket ${row.socket.id}`
    : `${row.view.config.name} ${addressOf(row.view)}`;
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
        title={[`${label}: ${state}`, isPeer ? row.socket.security : ''].filter(Boolean).join(', ')}
        onClick={() => showEndpoint(services, isPeer ? row.socket.endpoint : row.view.id)}
        onContextMenu={(event) => {
          event.preventDefault();
          setOpen(true);
        }}
      >
        <StateMark state={state} />
        {isPeer ? (
          <span className={styles.address}>{shortAddress(row.socket.peer) || `socket ${row.socket.id}`}</span>
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

function addressOf({ address, config }: EndpointView): string {
  if (!abilitiesOf(config.transport).host) return config.path;
  return address === '' ? `:${config.port}` : shortAddress(address);
}

function stateText(row: SidebarRowData & { kind: 'endpoint' | 'peer' }): string {
  if (row.kind === 'peer') {
    if (row.socket.queued > 0) return `${bytesText(row.socket.queued)} unsent`;
    return row.socket.readingStopped ? 'not reading' : row.socket.state;
  }
  const { state, peers, accepting } = row.view;
  if (state === 'listening' && !accepting) return 'not accepting';
  return (state === 'listening' || state === 'bound') && peers > 0 ? countOf(peers, 'peer') : state;
}

function socketItems(services: Services, socket: SocketView): MenuItem[] {
  const items: MenuItem[] = [
    {
      id: 'aim',
      label: 'Send to this peer only',
      disabled: !canSend(socket),
      run: () => aimAt(services, socket),
    },
  ];
  if (!abilitiesOf(socket.transport).messages) {
    items.push({
      id: 'frame',
      label: 'Framing…',
      detail: socket.framing,
      run: () => showDialog(services.dialogs, { kind: 'frame-socket', socket: socket.id }),
    });
  }
  for (const { id, label, detail, danger, enabled, run } of socketActions(services, socket)) {
    items.push({ id, label, detail, danger, disabled: !enabled, run });
  }
  return items;
}

function endpointItems(services: Services, view: EndpointView): MenuItem[] {
  const isServer = view.config.role === 'server';
  const isOpen = isOpenState(view);
  const close = () => void closeEndpoint(services, view.id);
  const { peers, state } = view;
  // UDP has no connections without its socket.
  const canKeep = state === 'listening' && peers > 0;
  const leftOver = isServer && !isOpen && peers > 0;
  return [
    { id: 'show', label: 'Show', run: () => showEndpoint(services, view.id) },
    { id: 'close', label: isServer ? 'Stop server' : 'Disconnect client', disabled: !isOpen, run: close },
    ...(isServer
      ? [
          {
            id: 'stop-listening',
            label: 'Stop listening, keep its peers',
            disabled: !canKeep,
            run: () => void closeEndpoint(services, view.id, true),
          },
          { id: 'close-peers', label: `Close its ${countOf(peers, 'peer')}`, disabled: !leftOver, run: close },
        ]
      : []),
    {
      id: 'remove',
      label: 'Remove',
      danger: true,
      disabled: isOpen,
      run: () => void removeEndpoint(services, view.id),
    },
  ];
}
