import { Hourglass } from 'lucide-react';
import type { EndpointView } from '#shared/contract/models.ts';
import { incompleteText } from '#shared/framing/incomplete.ts';
import { showDialog } from '../../client/dialogs-store.ts';
import { overdueOf } from '../../client/live-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { shortAddress } from '../../ui/address.ts';
import { Button } from '../../ui/button.tsx';
import { countText } from '../../ui/figures.ts';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

const { incomplete: words } = strings;

/** Shows that a connection of an endpoint waits for the end of a message, with buttons to show its bytes and to change the framing. */
export function IncompleteNote({ view }: { readonly view: EndpointView }) {
  const services = useServices();
  const first = useLive((live) => overdueOf(live, view.id).first);
  const count = useLive((live) => overdueOf(live, view.id).count);
  if (!first?.incomplete) return null;
  const peer = view.config.role === 'server' ? `${shortAddress(first.peer)}: ` : '';
  const more = count > 1 ? words.morePeers(count - 1) : '';
  return (
    <span className={styles.note}>
      <Hourglass size={12} aria-hidden />
      {`${peer}${incompleteText(first.incomplete, countText)}${more}`}
      <Button
        small
        variant="ghost"
        title={words.showBytesHelp}
        onClick={() => showDialog(services.dialogs, { kind: 'waiting-bytes', socket: first.id })}
      >
        {words.showBytes}
      </Button>
      <Button
        small
        variant="ghost"
        title={words.changeFramingHelp}
        onClick={() => showDialog(services.dialogs, { kind: 'frame-socket', socket: first.id })}
      >
        {words.changeFraming}
      </Button>
    </span>
  );
}
