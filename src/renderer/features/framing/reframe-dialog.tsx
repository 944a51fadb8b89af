import { useEffect, useState } from 'react';
import type { SessionView } from '#shared/contract/models.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { type FramingField, framingFormOf, readFraming } from '../../state/framing-form.ts';
import { withdrawOffer } from '../../state/notices.ts';
import { offerOf, type ReframeScope, reframeSession } from '../../state/reframe.ts';
import { useLive, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shownText } from '../../ui/text.ts';
import styles from './framing.module.css';
import { FramingFields } from './framing-fields.tsx';
import { strings } from './strings.ts';

const { reframe: words } = strings;

interface ReframeDialogProps {
  readonly session: SessionView;
  /** The socket of the record that the dialog was opened from. */
  readonly socket: number | undefined;
  /** The endpoint whose records it offers to re-frame, and its framing. */
  readonly endpoint: string | undefined;
  readonly framing: FramingSpec | undefined;
}

/** Re-frames recorded streams into a new session. */
export function ReframeDialog({ session, socket, endpoint, framing }: ReframeDialogProps) {
  const services = useServices();
  const { selection, tabs } = services;
  const [info] = useState(() => {
    const chosen = selection.getState().byTab[tabs.getState().active];
    return chosen?.session === session.id ? chosen.info : undefined;
  });
  const endpoints = useLive((live) => live.endpoints);
  const one = socket ?? (endpoint === undefined ? info?.id : undefined);
  const [kind, setKind] = useState<ReframeScope['kind']>(() =>
    socket !== undefined ? 'socket' : endpoint !== undefined ? 'endpoint' : 'all',
  );
  const [form, setForm] = useState(() =>
    framingFormOf(framing ?? parseFraming(info?.framing ?? 'line') ?? { kind: 'raw' }),
  );
  const [errors, setErrors] = useState<Partial<Record<FramingField, string>>>({});
  const { notices } = services;
  useEffect(() => {
    if (endpoint !== undefined) withdrawOffer(notices, offerOf(endpoint));
  }, [notices, endpoint]);
  const close = () => closeDialog(services.dialogs);
  const create = () => {
    const read = readFraming(form);
    if (!read.ok) return setErrors(read.errors);
    close();
    void reframeSession(services, session, read.spec, scopeOf(kind, one, endpoint));
  };
  const peer = info && info.id === one ? shownText(`${info.name} ${info.peer || info.local}`) : '';
  const name = endpoint === undefined ? '' : (endpoints.get(endpoint)?.config.name ?? '');
  const scopes: readonly (readonly [ReframeScope['kind'], string])[] = [
    ...(one === undefined ? [] : ([['socket', words.onlySocket(one, peer)]] as const)),
    ...(endpoint === undefined ? [] : ([['endpoint', words.onlyEndpoint(name)]] as const)),
    ['all', words.all],
  ];
  return (
    <Dialog
      title={words.title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" onClick={create}>
            {words.create}
          </Button>
        </>
      }
    >
      <p className={styles.what}>{words.note(shownText(session.name))}</p>
      {scopes.length === 1 ? null : (
        <fieldset className={styles.scope}>
          <legend>{words.streams}</legend>
          {scopes.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="streams" checked={kind === value} onChange={() => setKind(value)} />
              {label}
            </label>
          ))}
        </fieldset>
      )}
      <FramingFields
        form={form}
        errors={errors}
        recorded={{ session: session.id, scope: scopeOf(kind, one, endpoint) }}
        onChange={(change) => {
          setErrors({});
          setForm({ ...form, ...change });
        }}
      />
    </Dialog>
  );
}

function scopeOf(kind: ReframeScope['kind'], socket: number | undefined, endpoint: string | undefined): ReframeScope {
  if (kind === 'socket' && socket !== undefined) return { kind, socket };
  if (kind === 'endpoint' && endpoint !== undefined) return { kind, endpoint };
  return { kind: 'all' };
}
