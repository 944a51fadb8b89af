import { useEffect, useMemo, useState } from 'react';
import { callsOf } from '#shared/calls/calls.ts';
import { noLimit } from '#shared/framing/framer.ts';
import { createFramer, parseFraming } from '#shared/framing/spec.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Selection } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { eventsOf } from '../../state/sessions.ts';
import { CopyButton } from '../../ui/button.tsx';
import { SecurityFacts } from '../../ui/security-facts.tsx';
import { momentText } from '../../ui/text.ts';
import styles from './inspector.module.css';
import { type ReadPart, usePayload } from './record-data.ts';
import { strings } from './strings.ts';

export type HttpEvent = Extract<SocketEvent, { kind: 'http' }>;

const none: readonly HttpEvent[] = [];

/** Returns the HTTP messages of a record's handshake: the record itself, or those of the socket whose handshake it ends. */
export function useHandshake(selection: Selection | undefined): readonly HttpEvent[] {
  const services = useServices();
  const session = selection?.session ?? '';
  const { seq = -1, socket = 0, event } = selection?.row ?? {};
  const key = `${session} ${seq}`;
  const isEnd = event?.kind === 'upgraded';
  const [known, setKnown] = useState<{ readonly key: string; readonly messages: readonly HttpEvent[] }>();
  useEffect(() => {
    if (!isEnd) return;
    let isStale = false;
    void eventsOf(services, session, socket, 'http', 2).then((events) => {
      if (!isStale) setKnown({ key, messages: events.filter((found) => found.kind === 'http') });
    });
    return () => {
      isStale = true;
    };
  }, [services, isEnd, session, socket, key]);
  if (event?.kind === 'http') return [event];
  return isEnd && known?.key === key ? known.messages : none;
}

/** Maximum size of a header that contains a length. */
const headerBytes = 65_536;

/** Returns the length that an incomplete message announces, framing included; 0 if it announces none or is complete. */
function useWholeLength({ session, row, info }: Selection): number {
  const isIncomplete = (row.flags & messageFlags.incomplete) !== 0;
  const payload = usePayload(session, row.seq, isIncomplete ? headerBytes : 0);
  const framing = info?.framing;
  const { length } = row;
  return useMemo(
    () => (isIncomplete && payload && framing !== undefined ? wholeLength(framing, payload.bytes, length) : 0),
    [isIncomplete, payload, framing, length],
  );
}

function wholeLength(framing: string, bytes: Uint8Array, length: number): number {
  const spec = parseFraming(framing);
  if (!spec || bytes.length === 0) return 0;
  const framer = createFramer(spec, noLimit);
  const boundaries = new Boundaries();
  framer.push(bytes, boundaries, 0);
  // A boundary within the message means that it was recorded with another framing.
  if (boundaries.count > 0) return 0;
  const { claim } = framer;
  const whole = claim === undefined || claim.atLeast ? 0 : bytes.length + claim.missing;
  return whole > length ? whole : 0;
}

const texts = strings.callsView;

export interface CallsViewProps {
  readonly selection: Selection;
  readonly reads: readonly ReadPart[];
}

/** Maximum number of reads listed. */
const maxListed = 200;

/** The Berkeley socket calls of a record, in Python. */
export function RecordCalls({ selection, reads }: CallsViewProps) {
  const { row, info } = selection;
  const whole = useWholeLength(selection);
  const messages = useHandshake(selection);
  const request = messages.find(({ lines }) => !lines[0]?.startsWith('HTTP/'))?.lines ?? [];
  const calls = callsOf(row, info, { reads, whole, request });
  return (
    <>
      <div className={styles.callsHead}>
        <p>{texts.title}</p>
        <CopyButton label={texts.copy} text={() => calls.map(({ call }) => call).join('\n')} />
      </div>
      <ol className={styles.callList}>
        {calls.map(({ call, explains }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two reads may have the same call; the order of the list never changes.
          <li key={index} className={styles.call}>
            <code>{call}</code>
            <p>{explains}</p>
          </li>
        ))}
      </ol>
      {row.event?.kind === 'secured' ? <SecurityFacts event={row.event} /> : null}
      {reads.length > 1 ? (
        <>
          <p>{texts.reads}</p>
          <ol className={styles.readList}>
            {reads.slice(0, maxListed).map(({ from, length, at }) => (
              <li key={from}>
                <span className={styles.readSize}>{texts.size(length)}</span>
                <span>{texts.offset(from)}</span>
                <span className={styles.when}>{momentText(at)}</span>
              </li>
            ))}
          </ol>
          {reads.length > maxListed ? <p>{texts.more(reads.length - maxListed)}</p> : null}
        </>
      ) : null}
    </>
  );
}
