import { useState } from 'react';
import { flushSync } from 'react-dom';
import { durationOf, timeOf } from '#shared/filter/literals.ts';
import { closeDialog } from '../../state/dialogs.ts';
import type { TrafficRequest } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { currentSession } from '../../state/sessions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { strings } from './strings.ts';

type Moment = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly error: string };

const clock = /^(\d{1,2}):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/;
const sinceStart = /^(\d{1,5}):([0-5]?\d(?:\.\d{1,6})?)$/;

/**
 * Parses a time, and returns it in milliseconds since the Unix epoch. Accepts seconds since the start (`12.5`, `300ms`),
 * minutes and seconds since the start (`00:12.5`), a time of day (`14:05:09`, on the day of the start or, if earlier than
 * the start, on the next day), and a date with a time (ISO 8601, in local time if it has no time zone).
 */
export function parseMoment(text: string, startAt: number): Moment {
  const trimmed = text.trim();
  const short = sinceStart.exec(trimmed);
  if (short) return { ok: true, at: startAt + Number(short[1]) * 60_000 + Number(short[2]) * 1_000 };
  const day = clock.exec(trimmed);
  if (day && Number(day[1]) < 24) {
    const [, hours, minutes, seconds, fraction = '0'] = day;
    const date = new Date(startAt);
    date.setHours(Number(hours), Number(minutes), Number(seconds), 0);
    const isEarlier = date.getTime() + 999 < startAt;
    if (isEarlier) date.setDate(date.getDate() + 1);
    return { ok: true, at: date.getTime() + Number(`0.${fraction}`) * 1_000 };
  }
  const duration = trimmed === '' ? undefined : durationOf(trimmed);
  if (duration !== undefined && duration >= 0) return { ok: true, at: startAt + duration };
  const absolute = timeOf(trimmed);
  if (absolute !== undefined) return { ok: true, at: absolute };
  return { ok: false, error: strings.goTo.noTime };
}

/** Parses the number of a record, such as `10 431`, in a session of `total` records. */
export function parseRecordNumber(
  text: string,
  total: number,
): { ok: true; seq: number } | { ok: false; error: string } {
  const plain = text
    .trim()
    .replace(/^#/, '')
    .replace(/[\s\u202f,._]/g, '');
  if (!/^\d{1,15}$/.test(plain)) return { ok: false, error: strings.goTo.noNumber };
  const seq = Number(plain);
  if (total === 0) return { ok: false, error: strings.goTo.noRecords };
  if (seq >= total) return { ok: false, error: strings.goTo.lastRecord(total - 1) };
  return { ok: true, seq };
}

const texts = strings.goTo;

/** Asks for a record number or a time, and selects that record in the active tab. */
export function GoToDialog({ to }: { readonly to: 'record' | 'time' }) {
  const services = useServices();
  const { client, dialogs, tabs, traffic } = services;
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const session = currentSession(services);
  const total = session?.total ?? 0;
  const close = () => closeDialog(dialogs);
  const goTo = (wanted: TrafficRequest) => {
    // While the dialog is open, the traffic cannot get the focus.
    flushSync(close);
    traffic.request(tabs.getState().active, wanted);
  };
  const go = async () => {
    if (to === 'record') {
      const record = parseRecordNumber(text, total);
      if (!record.ok) return setError(record.error);
      return goTo({ kind: 'record', seq: record.seq });
    }
    const first = await client.call('sessions.window', { session: session?.id ?? '', first: 0, count: 1 });
    if (!first.ok) return setError(first.error.message);
    const [row] = first.value.rows;
    if (!row) return setError(texts.noRecords);
    const moment = parseMoment(text, row.at);
    if (!moment.ok) return setError(moment.error);
    goTo({ kind: 'time', at: moment.at });
  };
  const help = to === 'record' ? texts.recordHelp(Math.max(0, total - 1)) : texts.timeHelp;
  return (
    <Dialog
      title={texts[to].title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{texts.cancel}</Button>
          <Button variant="primary" onClick={() => void go()}>
            {texts.go}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <TextField
          label={texts[to].label}
          mono
          autoFocus
          value={text}
          help={help}
          error={error}
          onChange={(value) => {
            setText(value);
            setError(undefined);
          }}
        />
      </form>
    </Dialog>
  );
}
