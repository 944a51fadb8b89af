import { useState } from 'react';
import type { Retention } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { beyondRetention } from '#shared/record/retention.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useServices, useSettings, useStored } from '../../state/services.ts';
import { setRetention, type Theme } from '../../state/settings.ts';
import { refreshStored } from '../../state/stored.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { bytesText, countOf } from '../../ui/text.ts';
import styles from './settings-dialog.module.css';

/** The UI strings of the settings. */
const strings = {
  title: 'Settings',
  close: 'Close',
  save: 'Save',
  theme: 'Theme',
  themes: { system: 'System', dark: 'Dark', light: 'Light' },
  retention: {
    title: 'Recorded sessions',
    sessions: 'Maximum sessions',
    size: 'Maximum size',
    unit: 'Unit',
    help: 'Older sessions are deleted. Named, bookmarked, annotated, open and recent (24 h) sessions are never deleted automatically and do not count.',
    deletes: (count: number, size: string) =>
      `Saving deletes up to ${countOf(count, 'session')} (${size}), oldest first.`,
    now: (count: number, size: string) => `Currently ${countOf(count, 'session')}, ${size}, in`,
    sessionsError: (most: number) => `1 to ${most}`,
    sizeError: (least: string, most: string) => `${least} to ${most}`,
  },
} as const;

const sizeUnits = ['MB', 'GB'] as const;
type SizeUnit = (typeof sizeUnits)[number];

const unitBytes: Readonly<Record<SizeUnit, number>> = { MB: 1_000_000, GB: 1_000_000_000 };
const maxSessions = 100_000;
const minMegabytes = 10;
const maxGigabytes = 1_000_000;

/** The retention fields of the settings, as typed. */
interface RetentionForm {
  readonly sessions: string;
  readonly size: string;
  readonly unit: SizeUnit;
}

interface RetentionErrors {
  readonly sessions?: string;
  readonly size?: string;
}

/** Returns the fields for `retention`, in the unit with the shorter number. */
export function retentionForm({ sessions, bytes }: Retention): RetentionForm {
  const unit: SizeUnit = bytes < unitBytes.GB ? 'MB' : 'GB';
  const size = String(Math.round((bytes / unitBytes[unit]) * 1_000) / 1_000);
  return { sessions: String(sessions), size, unit };
}

/** Returns the limits in the fields, or the error of each invalid field. */
export function readRetention(
  form: RetentionForm,
): { readonly ok: true; readonly retention: Retention } | { readonly ok: false; readonly errors: RetentionErrors } {
  const sessions = /^\d{1,7}$/.test(form.sessions.trim()) ? Number(form.sessions) : 0;
  const text = form.size.trim().replace(',', '.');
  const bytes = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * unitBytes[form.unit]) : 0;
  const errors: RetentionErrors = {
    ...(sessions >= 1 && sessions <= maxSessions
      ? undefined
      : { sessions: strings.retention.sessionsError(maxSessions) }),
    ...(bytes >= minMegabytes * unitBytes.MB && bytes <= maxGigabytes * unitBytes.GB
      ? undefined
      : { size: strings.retention.sizeError(`${minMegabytes} MB`, `${maxGigabytes} GB`) }),
  };
  if (errors.sessions !== undefined || errors.size !== undefined) return { ok: false, errors };
  return { ok: true, retention: { sessions, bytes } };
}

const { retention: words } = strings;

interface RetentionPartProps {
  readonly form: RetentionForm;
  readonly errors: RetentionErrors;
  readonly onChange: (change: Partial<RetentionForm>) => void;
}

/** The retention limits, the present number and size of sessions, and how many saving would delete. */
function RetentionPart({ form, errors, onChange }: RetentionPartProps) {
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

const themes: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: strings.themes.system },
  { value: 'dark', label: strings.themes.dark },
  { value: 'light', label: strings.themes.light },
];

/** The theme, which is applied immediately, and the retention limits, which are saved on submit. */
export function SettingsDialog() {
  const services = useServices();
  const theme = useSettings((settings) => settings.theme);
  const retention = useSettings((settings) => settings.retention);
  const [form, setForm] = useState(() => retentionForm(retention));
  const [errors, setErrors] = useState<RetentionErrors>({});
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const close = () => closeDialog(services.dialogs);

  const save = async () => {
    const read = readRetention(form);
    if (!read.ok) {
      setErrors(read.errors);
      return;
    }
    setBusy(true);
    const saved = await setRetention(services.client, services.settings, read.retention);
    setBusy(false);
    if (!saved.ok) {
      setFailure(saved.error);
      return;
    }
    void refreshStored(services);
    close();
  };

  return (
    <Dialog
      title={strings.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.close}</Button>
          <Button variant="primary" type="submit" form="settings" disabled={busy}>
            {strings.save}
          </Button>
        </>
      }
    >
      <form
        id="settings"
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className={styles.part}>
          <h3 className={styles.heading}>{strings.theme}</h3>
          <Segmented
            label={strings.theme}
            value={theme}
            options={themes}
            onChange={(next) => services.settings.setState({ theme: next })}
          />
        </div>
        <RetentionPart
          form={form}
          errors={errors}
          onChange={(change) => {
            setForm({ ...form, ...change });
            setErrors({});
          }}
        />
        {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
      </form>
    </Dialog>
  );
}
