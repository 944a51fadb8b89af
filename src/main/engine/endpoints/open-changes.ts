import { type EndpointConfig, partsOf, valueAt } from '#shared/endpoint/endpoint-config.ts';
import { type OptionList, optionCatalogue } from '#shared/endpoint/options/catalogue.ts';

/** Returns true where `after` differs from `before` only in options that may change while the endpoint is open. */
export function mayChangeWhileOpen(
  before: EndpointConfig,
  after: EndpointConfig,
  catalogue: OptionList = optionCatalogue,
): boolean {
  if (before.role !== after.role || before.transport !== after.transport) return false;
  const valueIn = (config: EndpointConfig, path: string) => JSON.stringify(valueAt(config, path));
  return partsOf(after.role, after.transport, catalogue).every(
    ({ path, changeable }) => changeable === true || valueIn(before, path) === valueIn(after, path),
  );
}
