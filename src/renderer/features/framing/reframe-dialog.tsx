import { useState } from 'react';
import type { SessionView } from '#shared/contract/models.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { type FramingField, framingFormOf, readFraming } from '../../client/framing-form.ts';
import { reframeSession } from '../../client/reframe-command.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './framing.module.css';
import { FramingFields } from './framing-fields.tsx';

interface ReframeDialogProps {
  readonly session: SessionView;
  /** The socket of the record that it was asked for from. */
  readonly socket: number | undefined;
}

/** Cuts what was recorded by another framing: into a session of its own. */
export function ReframeDialog({ session, socket }: ReframeDialogProps) {
  const services = useServices();
  const { selection, tabs } = services;
  const [info] = useState(() => {
    const chosen = selection.getState().byTab[tabs.getState().active];
    return chosen?.session === session.id ? chosen.info : undefined;
  });
  const one = socket ?? info?.id;
  const [alone, setAlone] = useState(socket !== undefined);
  const [form, setForm] = useState(() => framingFormOf(parseFraming(info?.framing ?? 'line') ?? { kind: 'raw' }));
  const [errors, setErrors] = useState<Partial<Record<FramingField, string>>>({});
  const close = () => closeDialog(services.dialogs);
  const make = () => {
    const read = readFraming(form);
    if (!read.ok) return setErrors(read.errors);
    close();
    void reframeSession(services, session, read.spec, alone && one !== undefined ? [one] : undefined);
  };
  const peer = info && info.id === one ? ` (${info.name} ${info.peer || info.local})` : '';
  return (
    <Dialog
      title="Frame anew"
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" onClick={make}>
            Make the session
          </Button>
        </>
      }
    >
      <p className={styles.what}>
        The recorded bytes are cut into messages by another rule, into a session of its own. {session.name} stays as it
        is.
      </p>
      {one === undefined ? null : (
        <fieldset className={styles.scope}>
          <legend>Streams</legend>
          <label>
            <input type="radio" name="streams" checked={alone} onChange={() => setAlone(true)} />
            Only socket {one}
            {peer}
          </label>
          <label>
            <input type="radio" name="streams" checked={!alone} onChange={() => setAlone(false)} />
            All sockets of the session
          </label>
        </fieldset>
      )}
      <FramingFields
        form={form}
        errors={errors}
        recorded={{ session: session.id, socket: alone ? one : undefined }}
        onChange={(change) => {
          setErrors({});
          setForm({ ...form, ...change });
        }}
      />
    </Dialog>
  );
}
