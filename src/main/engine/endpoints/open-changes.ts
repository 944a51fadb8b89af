import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';

/** Returns true where `after` differs from `before` only in settings that may change while the endpoint is open. */
export function mayChangeWhileOpen(before: EndpointConfig, after: EndpointConfig): boolean {
  return JSON.stringify(fixedPart(before)) === JSON.stringify(fixedPart(after));
}

/** Returns the settings that cannot change while an endpoint is open. */
function fixedPart({ name: _name, framing: _framing, badFrame: _badFrame, ...config }: EndpointConfig): unknown {
  const {
    behaviour: _behaviour,
    reconnect: _reconnect,
    halfOpen: _halfOpen,
    ...rest
  } = {
    behaviour: 0,
    reconnect: 0,
    ...config,
  };
  return Object.entries(rest).sort(([one], [other]) => one.localeCompare(other));
}
