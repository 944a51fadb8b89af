import { ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { EndpointView } from '#shared/contract/models.ts';
import { changeDraft, type Draft, type Target } from '../../client/drafts-store.ts';
import { canSend, ownFramingOf, peersOf } from '../../client/live-store.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';
import { targetList, targetText, toggled } from './targets.ts';

const texts = strings.targets;

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
