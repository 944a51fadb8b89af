import { beyondRetention } from '#shared/record/retention.ts';
import { useStored } from '../../client/use-stored.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { bytesText } from '../../ui/figures.ts';
import { type RetentionErrors, type RetentionForm, readRetention, sizeUnits } from './retention-form.ts';
import styles from './settings-dialog.module.css';
import { strings } from './strings.ts';

const { retention: words } = strings;

interface RetentionPartProps {
  readonly form: RetentionForm;
  readonly errors: RetentionErrors;
  readonly onChange: (change: Partial<RetentionForm>) => void;
}

/** The retention limits, the present number and size of sessions, and how many saving would delete. */
export function RetentionPart({ form, errors, onChange }: RetentionPartProps) {
  const { sessions, folder, loaded } = useStored();
  const read = readRetention(form);
  const candidates = sessions.map((session) => ({
    ...session,
    kept: false,
    inUse: session.state === 'recording' || session.state === 'busy',
  }));
  const beyond = read.ok ? beyondRetention(candidates, read.retention, Date.now()) : [];
  const sizeOf = (some: readonly { readonly fileBytes: number }[]) =>
    bytesText(some.reduce((sum, { fileBytes }) => sum + fileBytes, 0));
  return (
    <div className={styles.part}>
      <h3 className={styles.heading}>{words.title}</h3>
      <div className={styles.limits}>
        <TextField
          label={words.sessions}
          className={styles.count}
          inputMode="numeric"
          value={form.sessions}
          error={errors.sessions}
          onChange={(value) => onChange({ sessions: value })}
        />
        <TextField
          label={words.size}
          className={styles.size}
          inputMode="decimal"
          value={form.size}
          error={errors.size}
          onChange={(value) => onChange({ size: value })}
        />
        <SelectField
          label={words.unit}
          className={styles.unit}
          value={form.unit}
          options={sizeUnits.map((unit) => ({ value: unit, label: unit }))}
          onChange={(unit) => onChange({ unit })}
        />
      </div>
      <p className={styles.text}>{words.help}</p>
      {beyond.length > 0 ? (
        <p className={styles.warning} role="status">
          {words.deletes(beyond.length, sizeOf(beyond))}
        </p>
      ) : null}
      {loaded ? (
        <p className={styles.text}>
          {words.now(sessions.length, sizeOf(sessions))} <span className={styles.folder}>{folder}</span>
        </p>
      ) : null}
    </div>
  );
}
