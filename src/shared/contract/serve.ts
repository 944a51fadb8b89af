import { z } from 'zod';
import { fail, type Result } from '../failure.ts';
import { type CallInput, type CallName, type CallOutput, contract } from './contract.ts';
import { inputHint, inputProblem } from './input-limits.ts';

// A page under a strict Content-Security-Policy may not evaluate code, which zod's compiled parsers would do.
z.config({ jitless: true });

export type Handlers = {
  readonly [Name in CallName]: (input: CallInput<Name>) => Result<CallOutput<Name>> | Promise<Result<CallOutput<Name>>>;
};

function isCallName(name: string): name is CallName {
  return Object.hasOwn(contract, name);
}

/** Returns the first issue of a failed parse, as `port: Port must be 0–65535`. */
function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'the input is invalid';
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}

/**
 * Runs one call for the other side of a host: checks that it exists and that its input is within `inputLimits`, parses the input, and runs
 * the handler. Always answers. A handler that throws is a bug, which is reported through `onBug` and answered with `internal`.
 */
export async function serve(
  handlers: Handlers,
  name: string,
  input: unknown,
  onBug: (name: string, error: unknown) => void,
): Promise<Result<unknown>> {
  if (!isCallName(name)) return fail('unknown-call', `There is no call named “${name.slice(0, 64)}”`);
  const beyond = inputProblem(input);
  if (beyond) return fail(beyond.code, `“${name}” was refused`, { system: beyond.system, hint: inputHint });
  const parsed = contract[name].input.safeParse(input);
  if (!parsed.success) {
    return fail('bad-input', `“${name}” was refused`, { system: firstProblem(parsed.error) });
  }
  try {
    return await (handlers[name] as (input: unknown) => Result<unknown> | Promise<Result<unknown>>)(parsed.data);
  } catch (error) {
    onBug(name, error);
    const system = error instanceof Error ? error.message : String(error);
    return fail('internal', `“${name}” failed unexpectedly`, { system, hint: 'This is a bug in Wirebench.' });
  }
}
