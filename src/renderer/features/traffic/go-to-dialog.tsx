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
import { parseMoment, parseRecordNumber } from './parse-moment.ts';
import { strings } from './strings.ts';

const texts = strings.goTo;

/** Asks for a record number or a time, and selects that record in the active tab. */
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
    // While the dialog is open, the traffic cannot get the focus.
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
