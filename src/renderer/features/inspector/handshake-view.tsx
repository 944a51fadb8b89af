import { showControls } from '#shared/bytes/text.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { escapeSymbols } from '../../ui/escape-symbol.ts';
import styles from './inspector.module.css';
import { strings } from './strings.ts';

type HttpEvent = Extract<SocketEvent, { kind: 'http' }>;

/** The HTTP messages of a handshake, one header per line, as recorded with the events. */
export function HandshakeView({ messages }: { readonly messages: readonly HttpEvent[] }) {
  return messages.map((message) => (
    <section key={message.way}>
      <h4>{message.way === 'sent' ? strings.handshake.sent : strings.handshake.received}</h4>
      <pre className={styles.excerpt}>{textOf(message)}</pre>
    </section>
  ));
}

function textOf({ lines, body, more }: HttpEvent): string {
  const shown = body ? [...lines, '', ...body.split('\n')] : lines;
  return [...shown.map((line) => escapeSymbols(showControls(line))), ...(more ? ['…'] : [])].join('\n');
}
