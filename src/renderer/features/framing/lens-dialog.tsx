import { useMemo, useState } from 'react';
import type { SessionView } from '#shared/contract/models.ts';
import { formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { splitStream } from '#shared/framing/stream-parts.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { type FramingField, framingFormOf, readFraming } from '../../state/framing-form.ts';
import { reframeSession } from '../../state/reframe.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { shownText } from '../../ui/text.ts';
import styles from './framing.module.css';
import { FramingFields } from './framing-fields.tsx';
import { type Flow, type FlowWindow, useFlowWindow } from './lens-data.ts';
import { LensRibbon } from './lens-ribbon.tsx';
import { strings } from './strings.ts';

const { lens: words } = strings;

interface LensDialogProps {
  readonly session: SessionView;
  readonly flow: Omit<Flow, 'session'>;
  /** The framing of the socket, in the command line's spelling. */
  readonly framing: string;
}

/** The reads and the messages of one flow, with the boundaries that any framing would give it. The session changes only with Apply. */
export function LensDialog({ session, flow, framing }: LensDialogProps) {
  const services = useServices();
  const window = useFlowWindow({ ...flow, session: session.id });
  const [form, setForm] = useState(() => framingFormOf(parseFraming(framing) ?? { kind: 'raw' }));
  const read = useMemo(() => readFraming(form), [form]);
  const errors: Partial<Record<FramingField, string>> = read.ok ? {} : read.errors;
  const isChanged = read.ok && formatFraming(read.spec) !== formatFraming(parseFraming(framing) ?? { kind: 'raw' });
  const close = () => closeDialog(services.dialogs);
  const apply = () => {
    if (!read.ok) return;
    close();
    void reframeSession(services, session, read.spec, { kind: 'socket', socket: flow.socket });
  };
  return (
    <Dialog
      title={words.title(flow.direction, strings.socket(flow.socket))}
      className={styles.lens}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.close}</Button>
          <Button
            variant="primary"
            disabled={!isChanged}
            title={words.applyHelp(shownText(session.name))}
            onClick={apply}
          >
            {strings.apply}
          </Button>
        </>
      }
    >
      <p className={styles.what}>{words.order}</p>
      {window?.ok ? <Split window={window.value} direction={flow.direction} read={read} /> : null}
      {window && !window.ok ? <FailureBox failure={window.error} /> : null}
      <FramingFields
        form={form}
        errors={errors}
        recorded={{ session: session.id, scope: { kind: 'socket', socket: flow.socket } }}
        onChange={(change) => setForm({ ...form, ...change })}
      />
    </Dialog>
  );
}

interface SplitProps {
  readonly window: FlowWindow;
  readonly direction: Flow['direction'];
  readonly read: ReturnType<typeof readFraming>;
}

/** The window, split by the framing of the form; by none while that is invalid. */
function Split({ window, direction, read }: SplitProps) {
  const { messages, problem } = useMemo(
    () => splitStream(window.bytes, window.reads, read.ok ? read.spec : { kind: 'raw' }),
    [window, read],
  );
  return (
    <>
      <LensRibbon window={window} messages={messages} direction={direction} />
      <p className={styles.lensCounts} role="status">
        {words.counts(direction, window.reads.length, messages.length)}
        {window.start > 0 ? ` ${words.start(window.start)}` : ''}
        {problem === '' ? '' : ` ${words.problem(shownText(problem))}`}
      </p>
    </>
  );
}
