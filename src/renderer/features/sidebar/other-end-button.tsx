import { ArrowLeftRight } from 'lucide-react';
import type { EndpointView, ProgramView, SocketView } from '#shared/contract/models.ts';
import { isEnded, type LiveState } from '../../bridge/live-store.ts';
import { showEndpoint } from '../../state/endpoint-commands.ts';
import { labelOf } from '../../state/endpoint-form.ts';
import { type Services, useLive, useServices } from '../../state/services.ts';
import { showProgram } from '../../state/sessions.ts';
import { IconButton } from '../../ui/button.tsx';
import { shownText } from '../../ui/text.ts';
import type { SidebarRowData } from './sidebar-rows.ts';
import { strings } from './strings.ts';

/** Who has the other end of a connection: a traced program, or a server or client of Wirebench. */
type Owner = ProgramView | EndpointView;

type Ends = Pick<LiveState, 'sockets' | 'programs' | 'endpoints'>;

const keyOf = (local: string, peer: string) => `${local} ${peer}`;

/** The owners by the addresses of their connections: computed once for each state of the engine. */
interface KnownOwners {
  of: Ends | undefined;
  owners: ReadonlyMap<string, Owner>;
}

function createKnownOwners(): KnownOwners {
  return { of: undefined, owners: new Map() };
}

function ownersOf(services: Services, live: Ends): ReadonlyMap<string, Owner> {
  const { sockets, programs, endpoints } = live;
  const known = services.own(createKnownOwners);
  const { of } = known;
  if (of?.sockets === sockets && of.programs === programs && of.endpoints === endpoints) return known.owners;
  const owners = new Map<string, Owner>();
  for (const socket of sockets.values()) {
    const view = endpoints.get(socket.endpoint);
    if (view && !isEnded(socket)) owners.set(keyOf(socket.local, socket.peer), view);
  }
  for (const view of programs.values())
    for (const { local, peer } of view.connections) owners.set(keyOf(local, peer), view);
  known.of = live;
  known.owners = owners;
  return owners;
}

/** Returns who has the other end of a connection; `undefined` where that is neither traced nor of Wirebench. */
function otherEndOf(services: Services, live: Ends, socket: SocketView | undefined): Owner | undefined {
  if (socket === undefined || socket.local === '' || socket.peer === '' || isEnded(socket)) return undefined;
  return ownersOf(services, live).get(keyOf(socket.peer, socket.local));
}

/** Goes to the other end of the connection of a peer or a client, where the page knows it. */
export function OtherEndButton({ row }: { readonly row: SidebarRowData & { kind: 'endpoint' | 'peer' } }) {
  const services = useServices();
  const owner = useLive((live) =>
    otherEndOf(services, live, row.kind === 'peer' ? row.socket : live.sockets.get(row.view.socket)),
  );
  if (owner === undefined) return null;
  const isProgram = 'command' in owner;
  return (
    <IconButton
      small
      label={strings.otherEnd(shownText(isProgram ? owner.name : labelOf(owner)))}
      onClick={() => (isProgram ? showProgram(services, owner) : showEndpoint(services, owner.id))}
    >
      <ArrowLeftRight size={12} aria-hidden />
    </IconButton>
  );
}
