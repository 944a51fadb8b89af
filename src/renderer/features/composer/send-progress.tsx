import type { Sending } from '../../client/drafts-store.ts';
import { cancelSend } from '../../client/send-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { bytesText } from '../../ui/figures.ts';
import styles from './composer.module.css';

interface SendProgressProps {
  readonly tab: string;
  readonly sending: Sending;
}

/** How far a send is, over all its sockets, and the way to end it. */
export function SendProgress({ tab, sending }: SendProgressProps) {
  const services = useServices();
  const { done, total } = sending;
  return (
    <span className={styles.progress}>
      <progress aria-label="Sent so far" max={Math.max(total, 1)} value={total > 0 ? done : undefined} />
      <span>{total > 0 ? `${bytesText(done)} of ${bytesText(total)}` : 'sending'}</span>
      <Button small onClick={() => void cancelSend(services, tab)}>
        Cancel
      </Button>
    </span>
  );
}
