import { useState } from 'react';
import { flushSync } from 'react-dom';
import { closeDialog } from '../../client/dialogs-store.ts';
import { requestTraffic, type TrafficRequest } from '../../client/selection-store.ts';
import { currentSession } from '../../client/session-commands.ts';
import { showStatistics } from '../../client/statistics-store.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { countText } from '../../ui/figures.ts';
import { parseMoment, parseRecordNumber } from './parse-moment.ts';

const words = {
  record: { title: 'Go to record', label: 'Number' },
  time: { title: 'Go to time', label: 'Time' },
} as const;

/** Asks for a record's number, or a time, and has the active tab's traffic go there. */
export function GoToDialog({ to }: { readonly to: 'record' | 'time' }) {
  const services = useServices();
  const { client, dialogs, selection, statistics, tabs } = services;
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const session = currentSession(services);
  const total = session?.total ?? 0;
  const close = () => closeDialog(dialogs);
  const goTo = (wanted: TrafficRequest) => {
    const { active } = tabs.getState();
    // While it is open, nothing outside it can have the focus, which the traffic is to get.
    flushSync(close);
    showStatistics(statistics, active, false);
    requestTraffic(selection, active, wanted);
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
    if (!row) return setError('There are no records yet.');
    const moment = parseMoment(text, row.at);
    if (!moment.ok) return setError(moment.error);
    goTo({ kind: 'time', at: moment.at });
  };
  const help =
    to === 'record'
      ? `0 to ${countText(Math.max(0, total - 1))}`
      : 'Since the start, 12.5 or 00:12.5; of the day, 14:05:09; or 2026-03-01T14:05:09';
  return (
    <Dialog
      title={words[to].title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" onClick={() => void go()}>
            Go
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
          label={words[to].label}
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
