import { ArrowLeftRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Client } from '#shared/contract/client.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { isLoopback, parseHostPort } from '#shared/socket/address.ts';
import { showEndpoint } from '../../state/endpoint-commands.ts';
import type { Selection } from '../../state/selection.ts';
import { type Services, useLive, useServices } from '../../state/services.ts';
import { showProgram } from '../../state/sessions.ts';
import { activeTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { shownText } from '../../ui/text.ts';
import { strings } from './strings.ts';

const texts = strings.otherEnd;

/** The other end of a connection: a socket of the session, or a process of this machine that is not traced. */
interface OtherEndFound {
  readonly key: string;
  readonly socket?: SocketInfo | undefined;
  readonly process?: string | undefined;
}

/** Returns true for a socket whose other end can be in the session or on this machine. */
function hasOtherEnd({ role, local, peer }: SocketInfo): boolean {
  return role !== 'listener' && local !== '' && peer !== '';
}

function useOtherEnd({ session, info }: Selection): OtherEndFound | undefined {
  const { client } = useServices();
  const isRecorded = useLive(({ sessions }) => sessions.get(session)?.state !== 'read-only');
  const [found, setFound] = useState<OtherEndFound>();
  const { id = 0, local = '', peer = '', transport } = info ?? {};
  const isWanted = info !== undefined && hasOtherEnd(info);
  const key = `${session} ${id} ${local} ${peer}`;
  useEffect(() => {
    if (!isWanted) return;
    let isStale = false;
    const look = async (): Promise<OtherEndFound> => {
      const answer = await client.call('sessions.otherEnd', { session, socket: id });
      const socket = answer.ok ? answer.value.other : null;
      if (socket) return { key, socket };
      const isHere = isRecorded && transport !== 'udp' && isLoopback(parseHostPort(peer)?.host ?? '');
      const owner = isHere ? await client.call('sockets.peerProcess', { local, peer }) : undefined;
      return { key, process: owner?.ok ? owner.value.process?.name : undefined };
    };
    void look().then((next) => {
      if (!isStale) setFound(next);
    });
    return () => {
      isStale = true;
    };
  }, [client, session, id, local, peer, transport, key, isWanted, isRecorded]);
  return isWanted && found?.key === key ? found : undefined;
}

interface OtherEndProps {
  readonly tab: string;
  readonly selection: Selection;
}

/** The other end of the record's connection, which is one click away where its records are in the session. */
export function OtherEnd({ tab, selection }: OtherEndProps) {
  const services = useServices();
  const found = useOtherEnd(selection);
  if (found?.socket) {
    const { socket } = found;
    return (
      <Button small variant="ghost" title={texts.help} onClick={() => void goTo(services, tab, selection, socket)}>
        <ArrowLeftRight size={12} aria-hidden /> {texts.end(shownText(socket.program ?? socket.name))}
      </Button>
    );
  }
  return found?.process ? <span title={texts.processHelp}>{texts.process(shownText(found.process))}</span> : null;
}

/** Shows the records of the other end, and selects the one with the same bytes, else the nearest one. */
async function goTo(services: Services, tab: string, { session, row }: Selection, to: SocketInfo): Promise<void> {
  const { client, tabs, traffic, live } = services;
  const isRecorded = live.getState().sessions.get(session)?.state !== 'read-only';
  if (isRecorded && to.program !== undefined) showProgram(services, { id: to.endpoint, name: to.program });
  else if (isRecorded) showEndpoint(services, to.endpoint);
  const target = isRecorded ? (activeTab(tabs.getState())?.id ?? tab) : tab;
  const seq = (await sameBytes(client, session, row, to.id)) ?? (await nearest(client, session, row.seq, to.id));
  if (seq !== undefined) traffic.request(target, { kind: 'record', seq });
}

/** Returns the record of the other end with the first byte of a message, by bisection: the offsets of its records rise. */
async function sameBytes(
  client: Client,
  session: string,
  { kind, offset }: Row,
  socket: number,
): Promise<number | undefined> {
  if (kind !== 'in' && kind !== 'out') return undefined;
  const filter = `socket == ${socket} && ${kind === 'in' ? 'out' : 'in'}`;
  const query = await client.call('sessions.query', { session, filter });
  if (!query.ok) return undefined;
  const { id } = query.value;
  const pageAt = async (first: number) => {
    const page = await client.call('sessions.window', { session, query: id, first, count: 1 });
    return page.ok ? page.value : undefined;
  };
  let found = await pageAt(0);
  let [low, high] = [0, (found?.matched ?? 0) - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const page = await pageAt(middle);
    if ((page?.rows[0]?.offset ?? Number.POSITIVE_INFINITY) <= offset) [low, found] = [middle, page];
    else high = middle - 1;
  }
  void client.call('sessions.endQuery', { session, query: id });
  const row = found?.rows[0];
  return row && row.offset <= offset && offset < row.offset + row.length ? row.seq : undefined;
}

/** Returns the first record of a socket after record `seq`, else the last one before it. */
async function nearest(client: Client, session: string, seq: number, socket: number): Promise<number | undefined> {
  for (const backward of [false, true]) {
    const found = await client.call('sessions.find', { session, find: `socket == ${socket}`, from: seq, backward });
    if (found.ok && found.value.found) return found.value.found.seq;
  }
  return undefined;
}
