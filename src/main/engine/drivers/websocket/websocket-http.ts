import type { ClientRequest, IncomingMessage } from 'node:http';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8, endOfCharacters } from '#shared/bytes/text.ts';
import { hideHeader, hideTarget } from '#shared/endpoint/upgrade-request.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

type HttpEvent = Extract<SocketEvent, { kind: 'http' }>;

/** The maximum number of bytes that are kept of the body of a refusal. */
const maxBodyBytes = 16_384;
/** The time limit for receiving the body of a refusal. */
const bodyTimeoutMs = 1_000;

/** Returns the event of a request before Node sends it, with placeholders for its secrets. */
export function sentRequest(request: ClientRequest): HttpEvent {
  const lines = request.getRawHeaderNames().flatMap((name) => {
    const value = request.getHeader(name) ?? '';
    return (Array.isArray(value) ? value : [value]).map((one) => hideHeader(`${name}: ${one}`));
  });
  return { kind: 'http', way: 'sent', lines: [`${request.method} ${hideTarget(request.path)} HTTP/1.1`, ...lines] };
}

/** Returns the event of a received request, or of an answer without its body, with placeholders for its secrets. */
export function receivedHead(message: IncomingMessage): HttpEvent {
  const { httpVersion, method, url = '', statusCode, statusMessage = '', rawHeaders } = message;
  const start = statusCode
    ? `HTTP/${httpVersion} ${statusCode} ${statusMessage}`
    : `${method} ${hideTarget(url)} HTTP/${httpVersion}`;
  const lines = [start.trimEnd()];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    lines.push(hideHeader(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`));
  return { kind: 'http', way: 'received', lines };
}

/** Resolves to the event of an answer with the beginning of its body, once enough of it is received, it has ended, or the time limit expires. */
export function receivedAnswer(answer: IncomingMessage): Promise<HttpEvent> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const done = () => {
      clearTimeout(timer);
      const body = Buffer.concat(chunks);
      const kept = body.subarray(0, maxBodyBytes);
      const isPart = length > maxBodyBytes || !answer.complete;
      const text = decodeUtf8(isPart ? kept.subarray(0, endOfCharacters(kept)) : kept);
      const event: HttpEvent = { ...receivedHead(answer), body: text ?? `hex: ${toHex(kept, ' ')}` };
      resolve(isPart ? { ...event, more: true } : event);
    };
    const timer = setTimeout(done, bodyTimeoutMs);
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBodyBytes) {
        answer.pause();
        done();
      }
    });
    for (const event of ['end', 'close', 'error']) answer.once(event, done);
  });
}
