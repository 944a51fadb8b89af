import { useEffect, useState } from 'react';
import type { Scope, SessionView } from '#shared/contract/models.ts';
import { type ExportOptions, exportFormatOf, exportFormats, type SaveFormat } from '#shared/export/export-formats.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { RadioList, RadioRow } from '../../ui/choices.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField } from '../../ui/field.tsx';
import { shownText } from '../../ui/text.ts';
import { saveSession } from './save-session.ts';
import { ScopeFields, type ScopeKind, type ScopeSelection, scopeChoices, scopeOf } from './scope-fields.tsx';
import styles from './session-dialogs.module.css';
import { selectRecordingPlace } from './stored-commands.ts';
import { strings } from './strings.ts';

/** Delays the query while the user is still selecting. */
const pauseMs = 200;

/** Returns the estimated number of records and size of a save, or a placeholder while it is computed. */
function useEstimate(session: string, format: SaveFormat, scope: Scope): string {
  const { client } = useServices();
  const key = JSON.stringify([session, format, scope]);
  const [known, setKnown] = useState<{ readonly key: string; readonly text: string }>();
  useEffect(() => {
    const [id, chosen, part] = JSON.parse(key) as [string, SaveFormat, Scope];
    const job = crypto.randomUUID();
    let stale = false;
    let asked = false;
    const timer = setTimeout(async () => {
      asked = true;
      const estimate = await client.call('sessions.estimate', { session: id, format: chosen, scope: part, job });
      asked = false;
      if (stale) return;
      const text = estimate.ok
        ? strings.save.estimate(estimate.value.records, estimate.value.bytes)
        : `${estimate.error.message}.`;
      setKnown({ key, text });
    }, pauseMs);
    return () => {
      stale = true;
      clearTimeout(timer);
      if (asked) void client.call('jobs.cancel', { job });
    };
  }, [client, key]);
  return known?.key === key ? known.text : strings.save.counting;
}

const { save: words } = strings;

interface SaveDialogProps {
  readonly session: SessionView;
  /** The initial selection; the whole session if there is no such part. */
  readonly scope?: ScopeKind | undefined;
}

/** The options that are on and belong to `format`. */
function optionsOf(format: SaveFormat, chosen: ExportOptions): ExportOptions {
  const names = exportFormatOf(format).options?.map(({ name }) => name) ?? [];
  return Object.fromEntries(names.filter((name) => chosen[name]).map((name) => [name, true]));
}

/** Selects the format and the records to save. The system's dialog then asks for the file. */
export function SaveDialog({ session, scope: offered = 'whole' }: SaveDialogProps) {
  const services = useServices();
  const [choices] = useState(() => scopeChoices(services, session));
  const [format, setFormat] = useState<SaveFormat>('wirebench');
  const [selection, setSelection] = useState<ScopeSelection>({
    kind: offered === 'shown' && choices.text === '' ? 'whole' : offered,
    socket: Math.max(1, choices.socket),
    direction: 'both',
  });
  const scope = scopeOf(selection, choices);
  const estimate = useEstimate(session.id, format, scope);
  const close = () => closeDialog(services.dialogs);
  const [options, setOptions] = useState<ExportOptions>({});
  const descriptor = exportFormatOf(format);
  const save = () => {
    close();
    void saveSession(services, session, { format, scope, switches: optionsOf(format, options) });
  };
  const move = () => {
    close();
    void selectRecordingPlace(services);
  };
  const canMove = session.state !== 'read-only' && format === 'wirebench' && selection.kind === 'whole';
  const note = descriptor.fileOf?.(scope).note;
  return (
    <Dialog
      title={words.title}
      className={styles.saveDialog}
      onClose={close}
      actions={
        <>
          <p className={styles.estimate} role="status">
            {estimate}
          </p>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" onClick={save}>
            {words.save}
          </Button>
        </>
      }
    >
      <RadioList legend={words.format}>
        {exportFormats.map((choice) => (
          <RadioRow
            key={choice.name}
            name="format"
            value={choice.name}
            className={styles.option}
            checked={choice.name === format}
            onSelect={() => setFormat(choice.name)}
          >
            <span className={styles.label}>{choice.label}</span>
            <span className={styles.help}>{choice.help}</span>
          </RadioRow>
        ))}
      </RadioList>
      {descriptor.options?.map(({ name, label, help }) => (
        <CheckField
          key={name}
          label={label}
          help={help}
          checked={options[name] === true}
          onChange={(value) => setOptions({ ...options, [name]: value })}
        />
      ))}
      <ScopeFields session={session} choices={choices} selection={selection} onChange={setSelection} />
      <p className={styles.what}>
        {note || words.copy(shownText(session.name), session.state === 'recording')}
        {canMove ? (
          <>
            {' '}
            <button type="button" className={styles.link} onClick={move}>
              {words.move}
            </button>
          </>
        ) : null}
      </p>
    </Dialog>
  );
}
