import { basename } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { toBase64 } from '#shared/bytes/base64.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { decodeUtf8, previewText, showControls } from '#shared/bytes/text.ts';
import { argumentsText, type SourceLine, type TracedCall } from '#shared/calls/traced-calls.ts';

/** What the lines of one trace have in common. */
interface TraceLines {
  /** The monotonic time at which the trace began, in nanoseconds. */
  readonly beginNs: number;
  /** Whether lines name the process: there is more than one. */
  readonly showsPid: boolean;
}

/** Returns the line for a call that ended, or one that still waits. */
export function callLine(call: TracedCall, { beginNs, showsPid }: TraceLines): string {
  const { start, end, source, pid } = call;
  const at = ((start.atNs - beginNs) / 1e9).toFixed(6).padStart(11);
  const place = source === undefined ? '' : `${basename(source.file)}:${source.line}`;
  const outcome = end === undefined ? 'waits' : `= ${resultText(call)}${durationText(end.atNs - start.atNs)}`;
  return showControls(
    `${at}  ${showsPid ? `${String(pid).padEnd(8)}` : ''}${place.padEnd(18)}  ${callText(call)} ${outcome}`,
  );
}

/** Returns the call as C writes it, with its descriptor first: `recv(4, 1024)`. */
function callText(call: TracedCall): string {
  const { descriptor } = call.start;
  const words = [descriptor < 0 ? '' : String(descriptor), argumentsText(call)].filter((word) => word !== '');
  return `${call.call}(${words.join(', ')})${call.start.isTls ? ' [TLS]' : ''}`;
}

function resultText({ call, end }: TracedCall): string {
  if (!end) return '';
  if (end.errno !== 0) return `-1 ${[errnoName(end.errno), end.detail && `(${end.detail})`].filter(Boolean).join(' ')}`;
  const words = [String(end.result)];
  if (end.detail !== '' && call !== 'bind') words.push(end.detail);
  if (end.data.length > 0) words.push(JSON.stringify(previewText(end.data, 48)));
  return words.join(' ');
}

/** Calls that take at least a millisecond show how long they took. */
function durationText(ns: number): string {
  return ns < 1e6 ? '' : `  (${(ns / 1e6).toFixed(1)} ms)`;
}

/** Returns the name of a positive error number; empty where it has none. */
function errnoName(errno: number): string {
  return getSystemErrorMap().get(-errno)?.[0] ?? '';
}

/** Returns the line of JSON for a call that ended. `text` is the text of its source line. */
export function callJson(call: TracedCall, wallOffsetNs: number, text: string): string {
  const { start, end, source, socket, pid, thread } = call;
  if (!end) return '';
  const data = decodeUtf8(end.data);
  return printableJson({
    kind: 'call',
    call: call.call,
    socket: socket && { number: socket.number, descriptor: socket.descriptor, local: socket.local, peer: socket.peer },
    args: argumentsText(call),
    tls: call.start.isTls || undefined,
    result: end.errno === 0 ? end.result : -1,
    detail: end.detail === '' ? undefined : end.detail,
    errno: end.errno > 0 ? errnoName(end.errno) || end.errno : undefined,
    at: new Date((start.atNs + wallOffsetNs) / 1e6).toISOString(),
    durationMs: Math.round((end.atNs - start.atNs) / 1e3) / 1e3,
    ...{ pid, thread },
    source: source && sourceJson(source, text),
    text: end.data.length > 0 ? data : undefined,
    base64: end.data.length > 0 && data === undefined ? toBase64(end.data) : undefined,
    observed: true,
  });
}

function sourceJson({ file, line }: SourceLine, text: string) {
  return { file, line, text };
}
