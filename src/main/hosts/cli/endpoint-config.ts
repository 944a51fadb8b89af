import { type ConfigOf, configWith } from '#shared/endpoint/endpoint-config.ts';
import type { OptionValues, Role } from '#shared/endpoint/options/option.ts';
import { ok, type Result } from '#shared/failure.ts';
import { abilitiesOf, type Transport } from '#shared/socket/transports.ts';
import { attributeOf, type EndpointOptions, flagsOf } from './endpoint-options.ts';
import { readFirstLine } from './first-line.ts';
import type { Target } from './target.ts';

/**
 * Returns the configuration that the address and the flags describe; `values`, by path, are what the command sets where no
 * flag does. Fails where the file of a passphrase cannot be read.
 */
export async function configOfFlags<Of extends Role>(
  role: Of,
  target: Target,
  options: EndpointOptions,
  values: OptionValues,
): Promise<Result<ConfigOf<Of, Transport>>> {
  const { transport, host, port, path, wsPath } = target;
  const set: Record<string, unknown> = { ...values, path, 'ws.path': wsPath };
  if (abilitiesOf(transport).host) Object.assign(set, { host, port });
  for (const { option, flag } of flagsOf(role)) {
    const given = Reflect.get(options, attributeOf(flag));
    if (given === undefined || !option.transports.includes(transport)) continue;
    const argument = flag.source === 'first-line' ? await readFirstLine(String(given)) : ok(given);
    if (!argument.ok) return argument;
    Object.assign(set, flag.sets?.(argument.value as never) ?? { [option.path]: argument.value });
  }
  return ok(configWith(role, transport, set));
}
