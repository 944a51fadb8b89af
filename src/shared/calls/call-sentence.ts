import { byteCount, duration } from '../bytes/units.ts';
import { lookUpErrno } from '../socket/errno.ts';
import { callEntry } from './call-catalogue.ts';
import type { ListedCall } from './socket-calls.ts';

/** Shorter calls are not said to have waited, in milliseconds. */
const waitedFromMs = 1;

/** Returns how a call ended in a few words: `14`, `ECONNREFUSED`, `waits`; empty where it is not known. */
export function resultText({ waits, errno, result, detail, name }: ListedCall): string {
  if (waits) return 'waits';
  if (errno !== undefined) return errno;
  const returns = callEntry(name)?.returns;
  if ((returns === 'value' || (returns === 'socket' && name === 'accept')) && detail) return detail;
  return result === undefined ? '' : String(result);
}

/** Returns what a call does, what it returned and what it waited for, as sentences. */
export function callSentence(call: ListedCall): string {
  const does = callEntry(call.name)?.does ?? '';
  return [does, waited(call), returned(call)].filter(Boolean).join(' ');
}

function waited({ name, waits, durationMs, errno }: ListedCall): string {
  const what = callEntry(name)?.waitsFor;
  const time = durationMs === undefined ? '' : ` ${duration(durationMs)}`;
  if (waits) return `It waits${what ? ` for ${what}` : ''}${time === '' ? '' : `, for${time} when this was recorded`}.`;
  if (durationMs === undefined || durationMs < waitedFromMs) return '';
  return what && errno === undefined ? `It waited${time} for ${what}.` : `It took${time}.`;
}

function returned(call: ListedCall): string {
  const { waits, errno, detail } = call;
  if (waits) return '';
  if (errno === undefined) return succeeded(call);
  const { text, hint } = lookUpErrno(errno);
  const words = detail || text;
  return `It failed with ${errno}${words === errno ? '' : `: ${words}`}. ${hint}`;
}

function succeeded({ name, result, detail }: ListedCall): string {
  const returns = callEntry(name)?.returns ?? 'value';
  if (returns === 'nothing') return 'It succeeded.';
  if (returns === 'socket') return socketText(name, result, detail);
  if ((returns === 'value' || returns === 'ready') && detail) return `It returned ${detail}.`;
  if (result === undefined) return '';
  if (returns === 'received' && result === 0) return 'It returned no bytes: the peer has sent its FIN.';
  if (returns === 'ready' && result === 0) return 'No socket was ready in time.';
  if (returns === 'sent') return `The kernel accepted ${byteCount(result)}.`;
  return `It returned ${returns === 'received' ? byteCount(result) : result}.`;
}

function socketText(name: string, descriptor: number | undefined, detail: string | undefined): string {
  const what = descriptor === undefined ? 'a new socket' : `a new socket, descriptor ${descriptor}`;
  return `It returned ${what}${name === 'accept' && detail ? `, for the client ${detail}` : ''}.`;
}
