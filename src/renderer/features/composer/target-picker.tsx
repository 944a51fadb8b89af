import { ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { canSend, ownFramingOf, peersOf } from '../../bridge/live-store.ts';
import { changeDraft, type Draft, type Target } from '../../state/drafts.ts';
import { useLive, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { shortAddress } from '../../ui/text.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';

const texts = strings.targets;

/** Describes the peers to which a message will be sent. */
export function targetText(peers: readonly SocketView[], target: Target): string {
  if (peers.length === 0) return texts.none;
  if (target.kind === 'all') return peers.length === 1 ? texts.to(peers[0]?.peer ?? '') : texts.all(peers.length);
  const selected = selectedOf(peers, target.sockets);
  const [first, second] = selected;
  if (first && selected.length === 1) return texts.to(first.peer);
  if (first && second && selected.length === 2 && peers.length > 2) {
    return texts.two(shortAddress(first.peer), shortAddress(second.peer), peers.length);
  }
  return texts.some(selected.length, peers.length);
}

/** Returns the selected peers. A set, because thousands of peers may be selected. */
function selectedOf(peers: readonly SocketView[], sockets: readonly number[]): readonly SocketView[] {
  const wanted = new Set(sockets);
  return peers.filter(({ id }) => wanted.has(id));
}

/** Selects or deselects `socket`. If all peers were selected, the others stay selected. */
export function toggled(target: Target, peers: readonly SocketView[], socket: number): Target {
  const before = target.kind === 'all' ? peers.map(({ id }) => id) : target.sockets;
  const sockets = before.includes(socket) ? before.filter((id) => id !== socket) : [...before, socket];
  return { kind: 'some', sockets };
}

/** Lists the addresses of the target peers for a tooltip, up to 20. */
export function targetList(peers: readonly SocketView[], target: Target): string {
  const selected = target.kind === 'all' ? peers : selectedOf(peers, target.sockets);
  const shown = selected.slice(0, 20).map(({ peer }) => peer);
  return [...shown, ...(selected.length > shown.length ? ['…'] : [])].join('\n');
}

interface TargetPickerProps {
  readonly tab: EndpointTab;
  readonly endpoint: EndpointView | undefined;
  readonly draft: Draft;
}

const rowHeight = 26;

/** Shows the target of a message; for a server, selects the peers. */
export function TargetPicker({ tab, endpoint, draft }: TargetPickerProps) {
  const { drafts } = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const sockets = useLive((live) => live.sockets);
  const endpoints = useLive((live) => live.endpoints);
  const peers = endpoint ? peersOf({ sockets }, endpoint.id).filter(canSend) : [];
  if (tab.form.role === 'client') {
    const isOpen = endpoint?.state === 'connected' || endpoint?.state === 'half-closed';
    return <span className={styles.target}>{isOpen ? texts.to(endpoint.address) : texts.notConnected}</span>;
  }

  const select = (target: Target) => changeDraft(drafts, tab.id, { target, outcome: undefined });
  return (
    <>
      <Button
        ref={anchor}
        variant="ghost"
        className={styles.picker}
        title={targetList(peers, draft.target)}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <span className={styles.pickerText}>{targetText(peers, draft.target)}</span>
        <ChevronDown size={13} aria-hidden />
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label={texts.label}>
        <div className={styles.targets}>
          <CheckField
            label={texts.allPeers(peers.length)}
            checked={draft.target.kind === 'all'}
            onChange={(all) => select(all ? { kind: 'all' } : { kind: 'some', sockets: [] })}
          />
          <div style={{ height: Math.min(peers.length, 8) * rowHeight }}>
            <VirtualList
              total={peers.length}
              rowHeight={rowHeight}
              renderRow={(index) => {
                const peer = peers[index];
                if (!peer) return null;
                const framing = ownFramingOf({ endpoints }, peer);
                return (
                  <CheckField
                    label={texts.peer(peer.peer, framing)}
                    checked={draft.target.kind === 'all' || draft.target.sockets.includes(peer.id)}
                    onChange={() => select(toggled(draft.target, peers, peer.id))}
                  />
                );
              }}
            />
          </div>
        </div>
      </Popover>
    </>
  );
}
