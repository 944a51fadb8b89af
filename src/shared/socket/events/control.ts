import { parseHex } from '../../bytes/hex.ts';
import { decodeUtf8 } from '../../bytes/text.ts';
import { ways } from '../terms.ts';
import { defineEvent } from './event-kind.ts';
import { oneOf, text } from './fields.ts';

/** RFC 6455, sections 5.5.2 and 5.5.3. `payload`: in hex. */
export const control = defineEvent({
  kind: 'control',
  code: 37,
  help: 'a ping or a pong of WebSocket',
  fields: { way: oneOf(ways), frame: oneOf(['ping', 'pong']), payload: text },
  text({ way, frame, payload }) {
    if (payload === '') return `${way} ${frame}`;
    const parsed = parseHex(payload);
    const shown = parsed.ok ? decodeUtf8(parsed.bytes) : undefined;
    return `${way} ${frame}: ${shown ?? `hex: ${payload}`}`;
  },
  calls: ({ way, frame }) => [
    {
      call: way === 'sent' ? `websocket.${frame}()` : '# no call',
      explains:
        frame === 'ping'
          ? 'A ping asks the other side for a pong, which WebSocket libraries send automatically.'
          : 'A pong answers a ping with the same bytes: the connection is alive.',
    },
  ],
});
