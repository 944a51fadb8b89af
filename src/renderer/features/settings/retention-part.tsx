import { beyondRetention } from '#shared/record/retention.ts';
import { useStored } from '../../client/use-stored.ts';
import { SelectField, TextField } from '../../ui/field.tsx';
import { bytesText, countOf } from '../../ui/figures.ts';
import { type RetentionErrors, type RetentionForm, readRetention, sizeUnits } from './retention-form.ts';
import styles from './settings-dialog.module.css';

interface RetentionPartProps {
  readonly form: RetentionForm;
  readonly errors: RetentionErrors;
  readonly onChange: (change: Partial<RetentionForm>) => void;
}

/** How many sessions are kept, what they take now, and what saving would delete. */
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
      <h3 className={styles.heading}>Recorded sessions</h3>
      <div className={styles.limits}>
        <TextField
          label="Keep at most"
          className={styles.count}
          inputMode="numeric"
          value={form.sessions}
          error={errors.sessions}
          onChange={(value) => onChange({ sessions: value })}
        />
        <span className={styles.or}>sessions, and</span>
        <TextField
          label="Size"
          className={styles.size}
          inputMode="decimal"
          value={form.size}
          error={errors.size}
          onChange={(value) => onChange({ size: value })}
        />
        <SelectField
          label="Unit"
          className={styles.unit}
          value={form.unit}
          options={sizeUnits.map((unit) => ({ value: unit, label: unit }))}
          onChange={(unit) => onChange({ unit })}
        />
      </div>
      <p className={styles.text}>
        Beyond that the oldest are deleted. Never deleted by itself is a session that was given a name, a bookmark or a
        note (and it does not count), one that is open, or one that changed within a day.
      </p>
      {beyond.length > 0 ? (
        <p className={styles.warning} role="status">
          Saving deletes up to {countOf(beyond.length, 'session')} ({sizeOf(beyond)}), the oldest.
        </p>
      ) : null}
      {loaded ? (
        <p className={styles.text}>
          Now {countOf(sessions.length, 'session')}, {sizeOf(sessions)}, in{' '}
          <span className={styles.folder}>{folder}</span>
        </p>
      ) : null}
    </div>
  );
}
