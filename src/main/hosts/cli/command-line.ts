import type { Command } from 'commander';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import { combinationProblem } from './option-rules.ts';
import { readTarget, type Target } from './target.ts';

/** Reads the address of `listen` or `send` and checks the options against its transport. Ends the program on a conflict. */
export function checkedTarget(
  command: Command,
  text: string,
  role: EndpointConfig['role'],
  options: EndpointOptions,
): Target {
  const target = readTarget(text, role, options);
  if (!target.ok) return command.error(`error: “${text}”: ${target.error.message}`);
  const problem = combinationProblem(command, role, target.value.transport);
  if (problem !== undefined) command.error(`error: ${problem}`);
  return target.value;
}
