import { nameOf } from '#shared/document/document-path.ts';
import { environmentKind } from '#shared/document/kinds/environment.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { secretScopeOf } from '#workspace/kept-values.ts';
import { type CommandWorkspace, type WorkspaceChoice, withWorkspace } from './command-workspace.ts';
import { standardInput, unreadable } from './input.ts';
import { note, Output } from './output.ts';

/** Runs `wirebench env list`: prints the names. */
export function listEnvironments(choice: WorkspaceChoice): Promise<number> {
  return withWorkspace(choice, async (open) => {
    const output = new Output();
    for (const path of open.paths(environmentKind)) output.write(`${nameOf(environmentKind, path)}\n`);
    return await output.finish();
  });
}

/** Runs `wirebench env show`: prints the variables, and of each secret whether it has a value on this machine. */
export function showEnvironment(name: string, choice: WorkspaceChoice): Promise<number> {
  return withWorkspace(choice, async (open) => {
    const found = await open.environment(name);
    if (!found.ok) return found;
    const { path, variables, secrets } = found.value;
    const scope = secretScopeOf(path);
    const known = scope.ok ? await open.secrets.names(scope.value) : scope;
    if (!known.ok) return known;
    const output = new Output();
    for (const [variable, value] of Object.entries(variables)) output.write(`${variable}=${JSON.stringify(value)}\n`);
    for (const secret of secrets)
      output.write(`${secret} (secret, ${known.value.includes(secret) ? 'set' : 'not set'})\n`);
    return await output.finish();
  });
}

/** Runs `wirebench env set-secret`: keeps the standard input, without its last line end, as the value of a secret. */
export function setSecret(environment: string, name: string, choice: WorkspaceChoice): Promise<number> {
  return withWorkspace(choice, async (open) => {
    const found = await open.environment(environment);
    if (!found.ok) return found;
    const { path, secrets } = found.value;
    if (!secrets.includes(name)) {
      const hint = `Add it to the list “secrets” in ${path}.`;
      return fail('not-found', `There is no secret “${name}” in “${path}”`, { system: listed(secrets), hint });
    }
    const value = await readSecret();
    return value.ok ? await keep(open, path, name, value.value) : value;
  });
}

async function keep(open: CommandWorkspace, path: string, name: string, value: string): Promise<Result<void>> {
  const scope = secretScopeOf(path);
  if (!scope.ok) return scope;
  const kept = await open.secrets.set(scope.value, name, value);
  if (kept.ok) note(`The secret “${name}” of “${path}” is set on this machine.`);
  return kept;
}

function listed(secrets: readonly string[]): string {
  return secrets.length === 0 ? 'it has no secrets' : `its secrets are ${secrets.slice(0, 20).join(', ')}`;
}

/** A secret has at most 64 KiB, and a line end. */
const maxInputBytes = 65_538;

async function readSecret(): Promise<Result<string>> {
  const { name, stream } = standardInput();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxInputBytes) {
        const hint = 'Use a shorter value.';
        return fail('too-large', 'Could not set the secret', { system: 'it is longer than 64 KiB', hint });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    return unreadable(name, error);
  }
  let value: string;
  try {
    value = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    return fail('bad-input', 'Could not set the secret', { system: 'it is not UTF-8', hint: 'Use text.' });
  }
  const text = value.replace(/\r?\n$/, '');
  if (text !== '') return ok(text);
  return fail('bad-input', 'Could not set the secret', {
    system: 'the standard input is empty',
    hint: 'Write the value to the standard input.',
  });
}
