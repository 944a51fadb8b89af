import { Repeat, Square } from 'lucide-react';
import { type FormEvent, Fragment, useRef, useState } from 'react';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { changeDraft } from '../../state/drafts.ts';
import { type RepeatField, type RepeatForm, readRepeat } from '../../state/repeat-form.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { startRepeat, stopJob } from './repeat-command.ts';
import { strings } from './strings.ts';

const texts = strings.repeat;

interface RepeatButtonProps {
  readonly tab: string;
  readonly form: RepeatForm;
  /** The last repeated send of the endpoint. */
  readonly job: JobView | undefined;
  /** The payload can be sent. */
  readonly canSend: boolean;
  /** The payload is invalid in its format. */
  readonly isInvalid: boolean;
}

const fields: readonly { readonly field: RepeatField; readonly label: string; readonly help: string }[] = [
  { field: 'count', label: texts.count, help: texts.countHelp },
  { field: 'intervalMs', label: texts.interval, help: texts.intervalHelp },
  { field: 'jitterMs', label: texts.jitter, help: texts.jitterHelp },
];

/** The button that opens the settings of a repeated send; while one runs, its counter and Stop. */
export function RepeatButton({ tab, form, job, canSend, isInvalid }: RepeatButtonProps) {
  const services = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const running = job?.state === 'running' ? job : undefined;
  const start = () => {
    setOpen(false);
    void startRepeat(services, tab, { anyway: isInvalid });
  };
  return (
    <>
      {running ? <Counter job={running} /> : null}
      <Button
        ref={anchor}
        disabled={!running && !canSend}
        aria-haspopup={running ? undefined : 'dialog'}
        aria-expanded={running ? undefined : open}
        className={running ? undefined : styles.repeat}
        aria-label={running ? texts.stopName : texts.button}
        title={running ? texts.stopName : texts.title}
        onClick={() => (running ? void stopJob(services, running.id) : setOpen(true))}
      >
        {running ? <Square size={13} aria-hidden /> : <Repeat size={14} aria-hidden />}
        {running ? texts.stop : null}
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label={texts.label}>
        <RepeatSettings tab={tab} form={form} canStart={canSend} isInvalid={isInvalid} onStart={start} />
      </Popover>
    </>
  );
}

function Counter({ job }: { readonly job: JobView }) {
  const { sent, count, intervalMs, jitterMs, replies, failed, elapsedMs } = job;
  return (
    <span className={styles.counter} title={texts.figures(replies, failed, texts.seconds(elapsedMs))}>
      {texts.progress(sent, count, texts.range(intervalMs, jitterMs))}
    </span>
  );
}

interface RepeatSettingsProps {
  readonly tab: string;
  readonly form: RepeatForm;
  readonly canStart: boolean;
  readonly isInvalid: boolean;
  readonly onStart: () => void;
}

/** The form: count or until stopped, interval and jitter. Enter starts. */
function RepeatSettings({ tab, form, canStart, isInvalid, onStart }: RepeatSettingsProps) {
  const { drafts } = useServices();
  const read = readRepeat(form);
  const change = (next: Partial<RepeatForm>) => changeDraft(drafts, tab, { repeat: { ...form, ...next } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (read.ok && canStart) onStart();
  };
  return (
    <form className={styles.paceForm} onSubmit={submit}>
      {fields.map(({ field, label, help }) => (
        <Fragment key={field}>
          <TextField
            row
            mono
            label={label}
            help={help}
            inputMode="numeric"
            disabled={field === 'count' && form.isEndless}
            value={form[field]}
            error={read.ok ? undefined : read.errors[field]}
            onChange={(value) => change({ [field]: value })}
          />
          {field === 'count' ? (
            <CheckField
              label={texts.endless}
              checked={form.isEndless}
              onChange={(isEndless) => change({ isEndless })}
            />
          ) : null}
        </Fragment>
      ))}
      <Button variant={isInvalid ? 'danger' : 'primary'} type="submit" disabled={!read.ok || !canStart}>
        {isInvalid ? texts.startAnyway : texts.start}
      </Button>
    </form>
  );
}
