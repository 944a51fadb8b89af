import { Hourglass } from 'lucide-react';
import type { EndpointView } from '#shared/contract/models.ts';
import { incompleteText } from '#shared/framing/incomplete.ts';
import { showDialog } from '../../client/dialogs-store.ts';
import { overdueOf } from '../../client/live-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { shortAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { countOf, countText } from '../../ui/figures.ts';
import styles from './address-bar.module.css';

/** Says for which message an endpoint's connection waits, with its bytes and the way to another framing beside it; nothing where none does. */
export function IncompleteNote({ view }: { readonly view: EndpointView }) {
  const services = useServices();
  const first = useLive((live) => overdueOf(live, view.id).first);
  const count = useLive((live) => overdueOf(live, view.id).count);
  if (!first?.incomplete) return null;
  const peer = view.config.role === 'server' ? `${shortAddress(first.peer)}: ` : '';
  const more = count > 1 ? `, and ${countOf(count - 1, 'more peer')}` : '';
  return (
    <span className={styles.note}>
      <Hourglass size={12} aria-hidden />
      {`${peer}${incompleteText(first.incomplete, countText)}${more}`}
      <Button
        small
        variant="ghost"
        title="Shows what has come of the message, as text and in hex"
        onClick={() => showDialog(services.dialogs, { kind: 'waiting-bytes', socket: first.id })}
      >
        Show the bytes so far
      </Button>
      <Button
        small
        variant="ghost"
        title="Splits the bytes of this connection by another rule"
        onClick={() => showDialog(services.dialogs, { kind: 'frame-socket', socket: first.id })}
      >
        Change framing…
      </Button>
    </span>
  );
}
