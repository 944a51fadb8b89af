import type { Command } from 'commander';
import { type EndpointConfig, valuesOf } from '#shared/endpoint/endpoint-config.ts';
import { ok, type Result } from '#shared/failure.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { addressUsage, type Target } from './arguments.ts';
import { checkedCombination, checkedTarget, type EndpointOptions } from './endpoint-options.ts';

/** Returns true if `text` can only be the name of an endpoint: an address has a colon, or is a port. */
function isName(text: string, { udp, tls, ws, unix }: EndpointOptions): boolean {
  return !(udp || tls || ws || unix) && /^[^:@[\]]*[^\d:@[\]][^:@[\]]*$/.test(text);
}

/**
 * Reads the argument of `listen`, `send` or `code`, an address or the name of an endpoint of the workspace, and checks the options against its
 * transport. Ends the program on a conflict, and if there is no such endpoint. Fails if the document cannot be read.
 */
export async function resolveTarget(
  command: Command,
  text: string,
  role: EndpointConfig['role'],
  options: EndpointOptions & { readonly workspace?: string | undefined },
): Promise<Result<Target>> {
  if (!isName(text, options)) return ok(checkedTarget(command, text, role, options));
  const { openWorkspace } = await import('./command-workspace.ts');
  const opened = await openWorkspace(options.workspace);
  const found = opened.ok ? await opened.value.endpoint(text) : opened;
  if (opened.ok) await opened.value.close();
  if (!found.ok) {
    const { code, message, system, hint } = found.error;
    if (code !== 'not-found' && code !== 'bad-input') return found;
    const reason = `${message}${system === '' ? '' : ` (${system})`}. ${hint}`;
    return command.error(`error: ${reason} ${addressUsage[role]}`);
  }
  const { config } = found.value;
  if (config.role !== role) {
    command.error(`error: the endpoint “${text}” is a ${config.role}: ${adviceFor(command, text, config.role)}`);
  }
  checkedCombination(command, role, config.transport);
  return ok(targetOf(config));
}

/** Returns what to do with an endpoint of the other role. */
function adviceFor(command: Command, text: string, role: EndpointConfig['role']): string {
  if (command.name() === 'code') return role === 'server' ? 'add --server' : 'leave out --server';
  return `use wirebench ${role === 'server' ? 'listen' : 'send'} ${text}`;
}

function targetOf(config: EndpointConfig): Target {
  const { transport } = config;
  const hasHost = abilitiesOf(transport).host;
  return {
    transport,
    host: hasHost ? config.host : '',
    port: hasHost ? config.port : 0,
    path: config.path,
    wsPath: 'ws' in config ? config.ws.path : '/',
    values: valuesOf(config),
  };
}
