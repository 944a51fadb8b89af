import type { Sending } from '../../client/drafts-store.ts';
import { cancelSend } from '../../client/send-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import styles from './composer.module.css';
import { strings } from './strings.ts';

const texts = strings.status;

interface SendProgressProps {
  readonly tab: string;
  readonly sending: Sending;
}

/** The progress of a send to all its sockets, and the Cancel button. */
export function SendProgress({ tab, sending }: SendProgressProps) {
  const services = useServices();
  const { done, total } = sending;
  return (
    <span className={styles.progress}>
      <progress aria-label={texts.progress} max={Math.max(total, 1)} value={total > 0 ? done : undefined} />
      <span>{total > 0 ? texts.sentOf(done, total) : texts.sending}</span>
      <Button small onClick={() => void cancelSend(services, tab)}>
        {texts.cancel}
      </Button>
    </span>
  );
}
