import { useEffect, useState } from 'react';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Selection } from '../../client/selection-store.ts';
import { eventsOf } from '../../client/session-commands.ts';
import { useServices } from '../../client/use-services.ts';

type HttpEvent = Extract<SocketEvent, { kind: 'http' }>;

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
