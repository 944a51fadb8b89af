import { z } from 'zod';
import { framingSpecSchema } from '../framing/framing-schema.ts';
import { type Action, actionKinds } from '../rules/actions/catalogue.ts';
import { type Transport, transports } from '../socket/transports.ts';
import { copyOf, type EndpointConfig, optionsOf, partsOf, valueAt } from './endpoint-config.ts';
import { type OptionList, optionCatalogue } from './options/catalogue.ts';
import type { EndpointOption, Role } from './options/option.ts';
import { valueProblem } from './options/value-schema.ts';

type ConfigObject = z.ZodObject<{ role: z.ZodLiteral<Role>; transport: z.ZodLiteral<Transport> }>;

const actionSchemas = actionKinds.map(({ kind, value }) => {
  if (!value) return z.strictObject({ kind: z.literal(kind) });
  const text = z.string().max(value.maxLength.length, value.maxLength.message);
  const needed = value.minLength ? text.min(value.minLength.length, value.minLength.message) : text;
  return z.strictObject({ kind: z.literal(kind), [value.name]: needed });
});
const [firstAction, ...otherActions] = actionSchemas;
if (!firstAction) throw new Error('there is no action');
// The schemas are made at run time from the descriptors that the union’s type derives from.
const actionSchema = z.discriminatedUnion('kind', [firstAction, ...otherActions]) as unknown as z.ZodType<Action>;

/** Makes the schema of one option; what is left out has its default. */
function optionSchema(option: EndpointOption): z.ZodType {
  const { schema, label } = option;
  const checked = typeSchema(option).check((context) => {
    const message = valueProblem(schema, label, context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value, continue: true });
  });
  return checked.prefault(copyOf(option.default));
}

function typeSchema({ schema, label }: EndpointOption): z.ZodType {
  const error = (issue: { readonly input?: unknown }) => valueProblem(schema, label, issue.input);
  switch (schema.type) {
    case 'flag':
      return z.boolean({ error });
    case 'whole':
      return z.number({ error });
    case 'text':
      return schema.trim ? z.string({ error }).trim() : z.string({ error });
    case 'choice':
      return z.literal(
        schema.choices.map(({ value }) => value),
        { error },
      );
    case 'list':
      return z.array(z.string({ error }), { error });
    case 'framing':
      return framingSpecSchema;
    case 'behaviour':
      return actionSchema;
  }
}

/** Makes the schema of one role and transport: the options that it has, in their blocks, and no others. */
function configSchema(role: Role, transport: Transport, schemas: ReadonlyMap<EndpointOption, z.ZodType>): ConfigObject {
  const catalogue = [...schemas.keys()];
  const options = partsOf(role, transport, catalogue);
  const parts: Record<string, z.ZodType> = {};
  const blocks = new Map<string, Record<string, z.ZodType>>();
  for (const option of options) {
    const schema = schemas.get(option) ?? z.never();
    const [first = '', second] = option.path.split('.');
    if (second === undefined) parts[first] = schema;
    else blocks.set(first, { ...blocks.get(first), [second]: schema });
  }
  for (const [name, block] of blocks) parts[name] = z.strictObject(block).prefault({});
  const object = z.strictObject({ role: z.literal(role), transport: z.literal(transport), ...parts });
  return object.superRefine((config, context) => {
    const values = Object.fromEntries(options.map(({ path }) => [path, valueAt(config, path)]));
    for (const { path, check } of optionsOf(role, transport, catalogue)) {
      const message = check?.(values);
      if (message !== undefined) context.addIssue({ code: 'custom', path: path.split('.'), message });
    }
  }) as unknown as ConfigObject;
}

/**
 * Makes the schema of configurations with the options of `catalogue`: a union by role and transport. What a configuration
 * leaves out has its default; what its role and transport do not have is refused.
 */
export function createConfigSchema(catalogue: OptionList): z.ZodType<EndpointConfig, object> {
  const schemas = new Map(catalogue.map((option) => [option, optionSchema(option)]));
  const [server, client] = (['server', 'client'] as const).map((role) => {
    const [first, ...others] = transports.map((transport) => configSchema(role, transport, schemas));
    return z.discriminatedUnion('transport', [first as ConfigObject, ...others]);
  });
  if (!server || !client) throw new Error('there are two roles');
  // The schemas are made at run time from the descriptors that the union's type derives from; the tests parse every member.
  return z.discriminatedUnion('role', [server, client]) as unknown as z.ZodType<EndpointConfig, object>;
}

export const endpointConfigSchema = createConfigSchema(optionCatalogue);
