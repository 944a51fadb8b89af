import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { setRetention, type Theme } from '../../client/settings-store.ts';
import { refreshStored } from '../../client/stored-store.ts';
import { useServices, useSettings } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { type RetentionErrors, readRetention, retentionForm } from './retention-form.ts';
import { RetentionPart } from './retention-part.tsx';
import styles from './settings-dialog.module.css';
import { strings } from './strings.ts';

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
