import { z } from 'zod';
import { nameError, namePattern } from '../document-path.ts';
import { group, listField, nameField, noteField } from '../file-fields.ts';
import { yamlKind } from '../yaml-kind.ts';

/** The caps of an environment. */
const maxVariables = 10_000;
const maxVariable = 262_144;

const name = z.string({ error: nameError }).regex(namePattern, nameError);
const value = z
  .union([z.string(), z.number(), z.boolean(), z.null()], { error: 'must be one value, not a list or a group' })
  .refine((one) => typeof one !== 'string' || one.length <= maxVariable, `must have at most ${maxVariable} characters`);

const schema = group(
  {
    name: nameField.optional(),
    note: noteField.optional(),
    variables: z
      .record(name, value, { error: variablesError })
      .refine((all) => Object.keys(all).length <= maxVariables, `must have at most ${maxVariables} entries`)
      .meta({ description: 'Variables for templates. A value is text, exactly as written: 1.10 stays 1.10.' })
      .optional(),
    secrets: listField(name, 1_000, 'Names of secret variables. Their values stay on each machine.').optional(),
  },
  'An environment: variables for templates.',
).superRefine(({ variables = {}, secrets = [] }, context) => {
  for (const [index, one] of secrets.entries()) {
    if (!Object.hasOwn(variables, one)) continue;
    context.addIssue({ code: 'custom', path: ['secrets', index], message: `“${one}” is a variable and a secret` });
  }
});

function variablesError({ code }: { readonly code?: string | undefined }): string {
  return code === 'invalid_key' ? nameError : 'must consist of names and values';
}

/** The variables of an environment, and the names of its secrets. Look variables up with `Object.hasOwn`. */
export interface Environment {
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** `environments/*.yaml`. */
export const environmentKind = yamlKind({
  kind: 'environment',
  label: 'environment',
  folder: 'environments',
  endings: ['.yaml'],
  schema,
  isText: (path) => path.length === 2 && path[0] === 'variables',
  read({ name, note, variables = {}, secrets = [] }) {
    const texts = Object.fromEntries(Object.entries(variables).map(([key, one]) => [key, String(one ?? '')]));
    const value: Environment = { name, note, variables: texts, secrets };
    const references = secrets.map((one) => ({ kind: 'secret' as const, name: one, at: `secrets.${one}` }));
    return { ok: true, value, references };
  },
  write: ({ name, note, variables, secrets }) => ({
    file: { name, note, variables: { ...variables }, secrets: secrets.length > 0 ? [...secrets] : undefined },
  }),
});
