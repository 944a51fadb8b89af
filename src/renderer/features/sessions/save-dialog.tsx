import { useState } from 'react';
import type { SessionView } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { formatHelps, formatNote } from '../../client/save-formats.ts';
import { saveSession } from '../../client/session-commands.ts';
import { chooseRecordingPlace } from '../../client/stored-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shownText } from '../../ui/escape-symbol.ts';
import { CheckField } from '../../ui/field.tsx';
import { type ScopeKind, type ScopeWish, scopeChoices, scopeOf } from './export-scope.ts';
import styles from './save-dialog.module.css';
import { ScopeFields } from './scope-fields.tsx';
import { useEstimate } from './use-estimate.ts';

interface SaveDialogProps {
  readonly session: SessionView;
  /** Offered at first; the whole session where there is no such part. */
  readonly scope?: ScopeKind | undefined;
}

/** Asks in which form, and what of a session is saved; where to is asked by the system. */
export function SaveDialog({ session, scope: offered = 'whole' }: SaveDialogProps) {
  const services = useServices();
  const [choices] = useState(() => scopeChoices(services, session));
  const [format, setFormat] = useState<SaveFormat>('wirebench');
  const [wish, setWish] = useState<ScopeWish>({
    kind: offered === 'shown' && choices.text === '' ? 'whole' : offered,
    socket: Math.max(1, choices.socket),
    direction: 'both',
  });
  const scope = scopeOf(wish, choices);
  const estimate = useEstimate(session.id, format, scope);
  const close = () => closeDialog(services.dialogs);
  const [keepFormulas, setKeepFormulas] = useState(false);
  const save = () => {
    close();
    void saveSession(services, session, { format, scope, keepFormulas: format === 'csv' && keepFormulas });
  };
  const move = () => {
    close();
    void chooseRecordingPlace(services);
  };
  const canMove = session.state !== 'read-only' && format === 'wirebench' && wish.kind === 'whole';
  const note = formatNote(format, scope);
  return (
    <Dialog
      title="Save session"
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <p className={styles.estimate} role="status">
            {estimate}
          </p>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" onClick={save}>
            Save
          </Button>
        </>
      }
    >
      <fieldset className={styles.group}>
        <legend className={styles.legend}>Format</legend>
        {formatHelps.map((choice) => (
          <label key={choice.format} className={styles.option}>
            <input
              type="radio"
              name="format"
              value={choice.format}
              checked={choice.format === format}
              onChange={() => setFormat(choice.format)}
            />
            <span className={styles.label}>{choice.label}</span>
            <span className={styles.help}>{choice.help}</span>
          </label>
        ))}
      </fieldset>
      {format === 'csv' ? (
        <CheckField
          label="Keep formulas"
          help="Off: what a spreadsheet would run (=, +, -, @ at the start of a cell) gets an apostrophe in front."
          checked={keepFormulas}
          onChange={setKeepFormulas}
        />
      ) : null}
      <ScopeFields session={session} choices={choices} wish={wish} onChange={setWish} />
      <p className={styles.what}>
        {note ||
          `A copy of ${shownText(session.name)} is saved${session.state === 'recording' ? '; recording goes on' : ''}.`}
        {canMove ? (
          <>
            {' '}
            <button type="button" className={styles.link} onClick={move}>
              Move the recording instead…
            </button>
          </>
        ) : null}
      </p>
    </Dialog>
  );
}
