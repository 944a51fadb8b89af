import { act } from '@testing-library/react';
import type { ReactElement } from 'react';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { ok } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { renderTabPart, show } from '#support/render.tsx';
import { changeDraft, type Draft, draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { showEndpoint } from '../../../../../src/renderer/state/endpoint-commands.ts';
import type { EndpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointHost } from '../../fake-endpoints.ts';
import { type Answers, endpointView, type FakeHost, socketView } from '../../fake-services.ts';

export const sample = { name: 'data.json', format: 'json', text: '{"a":1}' } as const;

type DraftChange = Partial<Omit<Draft, 'problem'>>;
type Part = (tab: EndpointTab) => ReactElement;

interface Setup {
  readonly draft?: DraftChange;
  readonly answers?: Answers;
  readonly peers?: number;
  readonly framing?: FramingSpec;
  /** The framings of the first peers, if they differ from the server's. */
  readonly own?: readonly string[];
  readonly transport?: Transport;
}

/** Renders `part` for a server with `peers` connected peers: the sockets 11, 12 … */
export function composeOnServer(
  part: Part,
  { draft = {}, answers = {}, peers = 1, framing = { kind: 'raw' }, own = [], transport = 'tcp' }: Setup,
) {
  const config = createConfig('server', transport, { framing });
  const view = endpointView('e1', { state: 'listening', address: '127.0.0.1:4000', peers, config });
  const host = endpointHost({ 'samples.list': () => ok([sample]), ...answers }, view);
  const sockets = Array.from({ length: peers }, (_, index) =>
    socketView(11 + index, 'e1', { framing: own[index] ?? formatFraming(framing) }),
  );
  return { ...composeOn(part, host, { endpoints: [view], sockets }, draft), view, sockets };
}

/** Renders `part` for the endpoint `e1` of a snapshot, with what was written as `draft`. */
export function composeOn(part: Part, host: FakeHost, snapshot: Parameters<typeof show>[1], draft: DraftChange) {
  const { services } = host;
  show(services, snapshot);
  showEndpoint(services, 'e1');
  const { active } = services.tabs.getState();
  changeDraft(services.drafts, active, draft);
  const user = renderTabPart(services, part);
  return {
    ...host,
    user,
    draft: () => draftOf(services.drafts.getState(), active),
    change: (next: DraftChange) => act(() => changeDraft(services.drafts, active, next)),
  };
}
