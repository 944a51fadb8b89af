import { useState } from 'react';
import type { Failure } from '#shared/failure.ts';
import { type BadFrame, badFrames, parseFraming } from '#shared/framing/spec.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { type FramingField, framingFormOf, readFraming } from '../../client/framing-form.ts';
import { frameSocket } from '../../client/live-commands.ts';
import { recordingOf } from '../../client/live-store.ts';
import { formOptions } from '../../client/options/options.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { OptionField } from '../../ui/option-field.tsx';
import styles from './framing.module.css';
import { FramingFields } from './framing-fields.tsx';
import { strings } from './strings.ts';

const badFrameOption = formOptions.find(({ field }) => field === 'badFrame');

/** Re-frames one live socket; the endpoint's other sockets keep their framing. */
export function FrameSocketDialog({ socket }: { readonly socket: number }) {
  const services = useServices();
  const view = useLive((live) => live.sockets.get(socket));
  const recording = useLive(recordingOf);
  const [form, setForm] = useState(() => framingFormOf(parseFraming(view?.framing ?? 'raw') ?? { kind: 'raw' }));
  const [badFrame, setBadFrame] = useState<BadFrame>(view?.badFrame ?? 'resynchronise');
  const [errors, setErrors] = useState<Partial<Record<FramingField, string>>>({});
  const [failure, setFailure] = useState<Failure>();
  const close = () => closeDialog(services.dialogs);
  const apply = async () => {
    const read = readFraming(form);
    if (!read.ok) return setErrors(read.errors);
    const framed = await frameSocket(services, socket, read.spec, badFrame);
    if (framed.ok) close();
    else setFailure(framed.error);
  };
  return (
    <Dialog
      title={strings.frameSocket.title(view?.peer || strings.socket(socket))}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" onClick={() => void apply()}>
            {strings.apply}
          </Button>
        </>
      }
    >
      <p className={styles.what}>
        {strings.frameSocket.note}
        {view?.framingStopped ? strings.frameSocket.stopped : null}
      </p>
      <FramingFields
        form={form}
        errors={errors}
        recorded={recording && { session: recording.id, scope: { kind: 'socket', socket } }}
        onChange={(change) => {
          setErrors({});
          setForm({ ...form, ...change });
        }}
      />
      {badFrameOption && form.framing !== 'raw' ? (
        <OptionField
          label={badFrameOption.label}
          help={badFrameOption.help}
          kind="choice"
          choices={badFrameOption.choices}
          value={badFrame}
          onChange={(value) => setBadFrame(badFrames.find((known) => known === value) ?? badFrame)}
        />
      ) : null}
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}
