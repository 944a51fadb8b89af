import type { CallOutput } from '#shared/contract/contract.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { payloadBytes } from '#shared/payload/payload.ts';
import { problemText } from '#shared/payload/problem.ts';
import { changeDraft, draftOf, isPlain, type SendOutcome, writtenOf } from '../../state/drafts.ts';
import type { Services } from '../../state/services.ts';
import { endpointTabOf } from '../../state/tabs.ts';
import { connectionHint, outcomeOf, targetsOf } from './send-command.ts';

/** A recorded message to send again. */
interface Again {
  /** The bytes as they were sent, framing included. */
  readonly bytes: Uint8Array;
  /** The same without framing. */
  readonly body: Uint8Array;
  /** The framing of the socket that it was sent on. */
  readonly framing: string | undefined;
  /** What is tried, for a failure. */
  readonly tried: string;
}

/** Returns the sockets that the draft of a tab is sent to. */
function targetsOfTab({ drafts, live, tabs }: Services, tabId: string): readonly number[] {
  const tab = endpointTabOf(tabs.getState(), tabId);
  const endpoint = tab?.endpoint === undefined ? undefined : live.getState().endpoints.get(tab.endpoint);
  return targetsOf(live.getState(), endpoint, draftOf(drafts.getState(), tabId));
}

/**
 * Sends a recorded message to the targets of a tab: to a socket with the same framing the bytes as they were sent, to another one the
 * message in the framing of that socket. Send timing and checksum of the draft are not applied. The progress and the result are stored in
 * the draft; returns the result, `undefined` while the tab sends something else.
 */
export async function sendAgain(services: Services, tabId: string, again: Again): Promise<SendOutcome | undefined> {
  const { client, drafts, live, tabs } = services;
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (!tab || draftOf(drafts.getState(), tabId).sending) return undefined;
  const end = (outcome: SendOutcome) => {
    changeDraft(drafts, tabId, { sending: undefined, outcome });
    return outcome;
  };
  const targets = targetsOfTab(services, tabId);
  if (targets.length === 0) {
    const parts = { system: 'there is no open connection', hint: connectionHint(tab) };
    const { error } = fail('bad-input', again.tried, parts);
    return end({ sockets: 0, bytes: 0, failed: 0, failure: error });
  }
  const { sockets } = live.getState();
  const isSame = (socket: number) => sockets.get(socket)?.framing === again.framing;
  const calls = [
    { sockets: targets.filter(isSame), bytes: again.bytes, frame: false },
    { sockets: targets.filter((socket) => !isSame(socket)), bytes: again.body, frame: true },
  ].filter((call) => call.sockets.length > 0);
  const sent: CallOutput<'sockets.send'>['sent'] = [];
  for (const call of calls) {
    const job = crypto.randomUUID();
    changeDraft(drafts, tabId, { sending: { job, done: 0, total: 0 }, outcome: undefined });
    const answer = await client.call('sockets.send', { ...call, job });
    if (answer.ok) sent.push(...answer.value.sent);
    else sent.push(...call.sockets.map((socket) => ({ socket, bytes: 0, error: answer.error })));
    if (sent.some(({ error }) => error?.code === 'cancelled')) break;
  }
  return end(outcomeOf(sent));
}

/** Returns the bytes that Send would send for the payload of a tab to its first target, without framing. */
export async function bytesToSend(services: Services, tabId: string): Promise<Result<Uint8Array>> {
  const { client, drafts, workspace } = services;
  const draft = draftOf(drafts.getState(), tabId);
  const tried = 'The payload in the editor could not be compared';
  if (draft.file) {
    return fail('unsupported', tried, { system: 'a file is sent instead of it', hint: 'Send the text instead.' });
  }
  if (isPlain(draft)) {
    const made = payloadBytes(draft.format, draft.text);
    if (made.ok) return ok(made.value);
    return fail('bad-input', tried, { system: problemText(made.problem), hint: 'Correct the hex.' });
  }
  const { checkBytes } = await import('./check-bytes.ts');
  const check = await checkBytes(client, writtenOf({ workspace }, draft), targetsOfTab(services, tabId)[0]);
  const { bytes, length, problems } = check;
  if (!bytes || length === undefined) {
    return fail('bad-input', tried, { system: problems[0]?.message ?? '', hint: 'Correct the payload.' });
  }
  if (bytes.length < length) {
    return fail('too-large', tried, { system: `the template makes ${length} bytes`, hint: 'Shorten the template.' });
  }
  return ok(bytes);
}
