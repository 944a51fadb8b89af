import { useState } from 'react';
import type { SaveFormat, SessionView } from '#shared/contract/models.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { saveSession } from '../../client/session-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { countOf } from '../../ui/figures.ts';
import styles from './save-dialog.module.css';

const formats: readonly { readonly format: SaveFormat; readonly label: string; readonly help: string }[] = [
  {
    format: 'wirebench',
    label: 'Wirebench session',
    help: 'Everything, to be opened here again. One .wirebench file.',
  },
  { format: 'jsonl', label: 'JSON lines', help: 'One JSON object a record, for scripts and other tools.' },
  { format: 'text', label: 'Text', help: 'One line a record, for reading and for mail.' },
];

/** Asks in which form the session is saved; where to is asked by the system. */
export function SaveDialog({ session }: { readonly session: SessionView }) {
  const services = useServices();
  const [format, setFormat] = useState<SaveFormat>('wirebench');
  const close = () => closeDialog(services.dialogs);
  const save = () => {
    close();
    void saveSession(services, session, format);
  };
  return (
    <Dialog
      title="Save session"
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <p className={styles.what}>
        {session.name}, {countOf(session.total, 'record')}. A copy is saved; recording goes on.
      </p>
      <div role="radiogroup" aria-label="Format" className={styles.formats}>
        {formats.map((choice) => (
          <label key={choice.format} className={styles.format}>
            <input
              type="radio"
              name="format"
              value={choice.format}
              checked={choice.format === format}
              onChange={() => setFormat(choice.format)}
            />
            <span>
              <span className={styles.label}>{choice.label}</span>
              <span className={styles.help}>{choice.help}</span>
            </span>
          </label>
        ))}
      </div>
    </Dialog>
  );
}
