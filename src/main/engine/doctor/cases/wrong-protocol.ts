import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { hideTarget } from '#shared/endpoint/upgrade-request.ts';
import type { Address } from '#shared/socket/address.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import { type KnownProtocol, protocolName, protocolOf } from '../first-bytes.ts';
import { quoted } from '../words.ts';

const notTls =
  /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|HTTP_REQUEST|HTTPS_PROXY_REQUEST|RECORD_TOO_SMALL|UNEXPECTED_RECORD|DECODE_ERROR)$/;
const webSocketErrors = /^(ERR_HTTP_STATUS|WS_ERR_|HPE_)/;

/** Explains TLS to a plain port, WebSocket to another protocol, and the reverse. */
export const wrongProtocolCase: Case = {
  name: 'wrong protocol',
  fits: ({ errno, failure, transport }) =>
    (usesTls(transport) && (notTls.test(errno) || errno === 'EPROTO')) ||
    webSocketErrors.test(errno) ||
    (isWebSocket(transport) && failure.call === 'handshake' && /^(UNKNOWN|ECONNRESET)$/.test(errno)),
  async examine(examination) {
    const { errno, trouble, transport } = examination;
    if (trouble.role === 'server') return ofServer(errno);
    const target = examination.target;
    if (errno === 'ERR_HTTP_STATUS') return httpStatus(examination, target);
    const tlsFailed = notTls.test(errno) || errno === 'EPROTO';
    if (isWebSocket(transport) && !tlsFailed) return noWebSocket(examination, target);
    const protocol = target && (await greetingProtocol(examination, target));
    if (protocol !== undefined && protocol !== 'tls') {
      return {
        code: 'wrong-protocol',
        hint: `This port speaks ${protocolName(protocol)}, not TLS: ${selection(protocol)}.`,
      };
    }
    return {
      code: 'wrong-protocol',
      hint: `The other side does not speak TLS on port ${examination.config.port}: select ${transport === 'wss' ? 'WebSocket without TLS' : 'TCP'}, or check the port.`,
    };
  },
};

function isWebSocket(transport: string): boolean {
  return transport === 'ws' || transport === 'wss';
}

function selection(protocol: KnownProtocol): string {
  return protocol === 'websocket' ? 'select WebSocket' : 'select TCP';
}

function ofServer(errno: string): Finding {
  const hint =
    errno === 'ERR_SSL_HTTP_REQUEST'
      ? 'The client speaks HTTP without TLS: use https in the client, or TCP for this server.'
      : 'The client does not speak TLS: use TLS in the client, or TCP for this server.';
  return { code: 'wrong-protocol', hint };
}

/** Connects again without TLS and reads the server's greeting, if it sends one. */
async function greetingProtocol(examination: Examination, target: Address): Promise<KnownProtocol | undefined> {
  const greeting = examination.ownServer(target) ? undefined : await examination.greeting(target);
  if (greeting === undefined) return undefined;
  if (greeting.length === 0) {
    examination.note(`Connected without TLS, ${examination.asked} sends nothing first.`);
    return undefined;
  }
  const [line = ''] = Buffer.from(greeting)
    .toString('latin1')
    .split(/[\r\n]/);
  examination.note(`Connected without TLS, ${examination.asked} sends “${quoted(line)}”.`);
  return protocolOf(greeting);
}

/** The server answered the handshake with an HTTP status other than 101 (RFC 6455, section 4.2.2). */
async function httpStatus(examination: Examination, target: Address | undefined): Promise<Finding> {
  const { config, failure, transport } = examination;
  const { status } = failure;
  const path = quoted(hideTarget(optionOf(config, 'ws.path')), 120);
  examination.note(
    `The server answered the handshake for ${path} with HTTP${status === undefined ? '' : ` ${status}`}.`,
  );
  if (status === 400 && transport === 'ws' && target && (await examination.speaksTls(target))) {
    examination.note(`${examination.asked} answers a TLS handshake.`);
    return { code: 'wrong-protocol', hint: 'This port speaks TLS: select WebSocket with TLS (wss).' };
  }
  return { code: 'wrong-protocol', hint: statusHint(status, path) };
}

function statusHint(status: number | undefined, path: string): string {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return `The server does not authorize this client (HTTP ${status}): add its credentials to the headers or the path.`;
    case 404:
      return `The server has no WebSocket at ${path} (HTTP 404): check the path.`;
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return `The server redirects to another address (HTTP ${status}), often from ws to wss or to another path: use that address.`;
    case 400:
    case 426:
      return `The server rejected the handshake (HTTP ${status}): check the path and the subprotocols.`;
    case undefined:
      return `The server answered with HTTP instead of WebSocket: check the path ${path}.`;
    default:
      return status >= 500
        ? `The server had an internal error (HTTP ${status}): check its log, and try again.`
        : `A web server without WebSocket at ${path} answered (HTTP ${status}): check the path and the port.`;
  }
}

/** Explains a handshake whose answer is missing or is not HTTP. */
async function noWebSocket(examination: Examination, target: Address | undefined): Promise<Finding> {
  const { errno, failure, transport, config } = examination;
  if (failure.text) examination.note(`The handshake failed: ${quoted(failure.text, 160)}.`);
  if (errno === 'WS_ERR_SUBPROTOCOL') {
    const offered =
      optionOf(config, 'ws.protocols').length === 0 ? 'none' : optionOf(config, 'ws.protocols').join(', ');
    return {
      code: 'wrong-protocol',
      hint: `The two sides have no subprotocol in common (offered: ${quoted(offered)}): use one that the server supports, or none.`,
    };
  }
  if (target && transport === 'ws') {
    const [tls, protocol] = await Promise.all([examination.speaksTls(target), greetingProtocol(examination, target)]);
    if (tls) {
      examination.note(`${examination.asked} answers a TLS handshake.`);
      return { code: 'wrong-protocol', hint: 'This port speaks TLS: select WebSocket with TLS (wss).' };
    }
    if (protocol !== undefined) {
      return {
        code: 'wrong-protocol',
        hint: `This port speaks ${protocolName(protocol)}, not WebSocket: ${selection(protocol)}, or check the port.`,
      };
    }
  }
  return { code: 'wrong-protocol', hint: 'The other side does not speak WebSocket: select TCP, or check the port.' };
}
