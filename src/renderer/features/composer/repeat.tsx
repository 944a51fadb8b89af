import { CircleCheck, CircleSlash, Repeat, Square } from 'lucide-react';
import { type FormEvent, Fragment, type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import type { ParsedFilter } from '#shared/filter/ast.ts';
import { changeDraft, type RepeatForm } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './composer.module.css';
import { createRepeatPanel, startRepeat, stopJob } from './send-command.ts';
import { type RepeatNumber, readRepeat } from './send-forms.ts';
import { strings } from './strings.ts';

const texts = strings.repeat;

interface RepeatButtonProps {
  readonly tab: string;
  readonly form: RepeatForm;
  /** The last repeated send of the endpoint. */
  readonly job: JobView<'repeat'> | undefined;
  /** The payload can be sent. */
  readonly canSend: boolean;
  /** The payload is invalid in its format. */
  readonly isInvalid: boolean;
}

/** The button that opens the settings of a repeated send; while one runs, Stop. */
export function RepeatButton({ tab, form, job, canSend, isInvalid }: RepeatButtonProps) {
  const services = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const panel = services.own(createRepeatPanel);
  const open = useStore(panel, (state) => state.tab === tab);
  const running = job?.state === 'running' ? job : undefined;
  const close = () => panel.setState({ tab: undefined });
  // A tab that is shown again shows no panel.
  useEffect(
    () => () => {
      if (panel.getState().tab === tab) panel.setState({ tab: undefined });
    },
    [panel, tab],
  );
  const start = () => {
    close();
    void startRepeat(services, tab, { anyway: isInvalid });
  };
  return (
    <>
      <Button
        ref={anchor}
        disabled={!running && !canSend}
        aria-haspopup={running ? undefined : 'dialog'}
        aria-expanded={running ? undefined : open}
        className={running ? undefined : styles.repeat}
        aria-label={running ? texts.stopName : texts.button}
        title={running ? texts.stopName : texts.title}
        onClick={() => (running ? void stopJob(services, running.id) : panel.setState({ tab }))}
      >
        {running ? <Square size={13} aria-hidden /> : <Repeat size={14} aria-hidden />}
        {running ? <span className={styles.label}>{texts.stop}</span> : null}
      </Button>
      <Popover open={open && !running} onClose={close} anchor={anchor} align="end" label={texts.label}>
        <RepeatSettings tab={tab} form={form} canStart={canSend} isInvalid={isInvalid} onStart={start} />
      </Popover>
    </>
  );
}

interface RepeatSettingsProps {
  readonly tab: string;
  readonly form: RepeatForm;
  readonly canStart: boolean;
  readonly isInvalid: boolean;
  readonly onStart: () => void;
}

/** The form: count or until stopped, interval, jitter and the reply to wait for. Enter starts. */
function RepeatSettings({ tab, form, canStart, isInvalid, onStart }: RepeatSettingsProps) {
  const { drafts } = useServices();
  const read = readRepeat(form);
  const filterProblem = useFilterProblem(form);
  const canSubmit = read.ok && canStart && filterProblem === undefined;
  const change = (next: Partial<RepeatForm>) => changeDraft(drafts, tab, { repeat: { ...form, ...next } });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (canSubmit) onStart();
  };
  const number = (field: RepeatNumber, label: string, help: string, disabled = false): ReactNode => (
    <TextField
      row
      mono
      label={label}
      help={help}
      inputMode="numeric"
      disabled={disabled}
      value={form[field]}
      error={read.ok ? undefined : read.errors[field]}
      onChange={(value) => change({ [field]: value })}
    />
  );
  return (
    <form className={styles.paceForm} onSubmit={submit}>
      {number('count', texts.count, texts.countHelp, form.isEndless)}
      <CheckField label={texts.endless} checked={form.isEndless} onChange={(isEndless) => change({ isEndless })} />
      {number('intervalMs', texts.interval, texts.intervalHelp)}
      {number('jitterMs', texts.jitter, texts.jitterHelp)}
      <SelectField
        row
        label={texts.reply}
        help={texts.replyHelp}
        value={form.reply}
        options={texts.replies}
        onChange={(reply) => change({ reply })}
      />
      {form.reply === 'none' ? null : (
        <Fragment>
          {form.reply === 'filter' ? (
            <TextField
              row
              mono
              label={texts.replyFilter}
              placeholder={texts.replyExample}
              value={form.replyFilter}
              error={read.ok ? filterProblem : (read.errors.replyFilter ?? filterProblem)}
              onChange={(replyFilter) => change({ replyFilter })}
            />
          ) : null}
          {number('replyMs', texts.replyWait, texts.replyWaitHelp)}
        </Fragment>
      )}
      <Button variant={isInvalid ? 'danger' : 'primary'} type="submit" disabled={!canSubmit}>
        {isInvalid ? texts.startAnyway : texts.start}
      </Button>
    </form>
  );
}

/** Returns what is wrong with the filter of the reply; `undefined` until the filter language is loaded, and without a filter. */
function useFilterProblem({ reply, replyFilter }: RepeatForm): string | undefined {
  const [parse, setParse] = useState<(text: string) => ParsedFilter>();
  const isWanted = reply === 'filter';
  useEffect(() => {
    let isShown = true;
    if (isWanted) {
      // The engine checks the filter again: it may not load.
      const load = import('#shared/filter/parse.ts');
      void load.then(({ parseFilter }) => isShown && setParse(() => parseFilter)).catch(() => {});
    }
    return () => {
      isShown = false;
    };
  }, [isWanted]);
  if (!isWanted || !parse || replyFilter.trim() === '') return undefined;
  const parsed = parse(replyFilter.trim());
  return parsed.ok ? undefined : parsed.problem.message;
}

/** How often a repeated send has sent the payload so far or before it ended, and how many messages were received. */
export function RepeatStatus({ job }: { readonly job: JobView<'repeat'> }) {
  const { state, sent, count, intervalMs, jitterMs, failed, replies, elapsedMs } = job;
  const elapsed = texts.seconds(elapsedMs);
  if (state === 'running') {
    return (
      <span className={styles.counter} title={texts.figures(replies, failed, elapsed)}>
        {texts.progress(sent, count, texts.range(intervalMs, jitterMs), replies)}
      </span>
    );
  }
  const isDone = state === 'done';
  return (
    <output className={styles.sent}>
      {isDone ? <CircleCheck size={13} aria-hidden /> : <CircleSlash size={13} aria-hidden />}
      {isDone ? texts.done(sent, failed, replies, elapsed) : texts.stopped(sent, replies, elapsed)}
    </output>
  );
}
