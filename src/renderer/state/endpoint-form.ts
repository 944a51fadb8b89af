import { pageEndpointConfigSchema } from '#shared/contract/fields.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { type EndpointConfig, nested, optionOf, partsOf, valueAt } from '#shared/endpoint/endpoint-config.ts';
import type { EndpointOption } from '#shared/endpoint/options/option.ts';
import { valueProblem } from '#shared/endpoint/options/value-schema.ts';
import { type Action, actionKindOf, actionKinds, createAction, textOf } from '#shared/rules/actions/catalogue.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { shortAddress } from '../ui/text.ts';
import {
  type ActionValues,
  type EndpointForm,
  type FormErrors,
  type FormField,
  type PlainField,
  plainOptions,
} from './form-fields.ts';
import { framingFieldOf, framingFormOf, framingOf, shortErrors } from './framing-form.ts';
import { appliesTo } from './options.ts';

/** How lists and tabs name an endpoint. */
interface EndpointTitle {
  /** The user's name for it. Without one, its transport; empty for plain TCP. */
  readonly name: string;
  /** The address where it listens or connects to, or the path of a local socket. */
  readonly address: string;
}

/** Returns the user's name for an endpoint; empty if it has only its default name, its role. */
export function ownName({ name, role }: Pick<EndpointConfig, 'name' | 'role'>): string {
  return name === role ? '' : name;
}

/** Returns the title of an endpoint: its name, if it has one, and its address. */
export function titleOf({ config, address }: Pick<EndpointView, 'config' | 'address'>): EndpointTitle {
  const { transport, role, host, port } = config;
  const name = ownName(config);
  if (!abilitiesOf(transport).host) return { name, address: config.path };
  const path = name === '' && 'ws' in config && config.ws.path !== '/' ? config.ws.path : '';
  const typed = formatHostPort(host, port);
  // An unnamed client is known by the host as typed, not by the address that it resolved to.
  if (name === '' && role === 'client') return { name: transportName(config), address: `${typed}${path}` };
  return { name: name === '' ? transportName(config) : name, address: `${shortAddress(address || typed)}${path}` };
}

function transportName({ transport }: EndpointConfig): string {
  return transport === 'tcp' ? '' : transport;
}

/** Returns the title on one line. Without a name it begins with the role, which a screen reader's user cannot infer from its place. */
export function labelOf(view: Pick<EndpointView, 'config' | 'address'>): string {
  const { name, address } = titleOf(view);
  return [ownName(view.config) === '' ? view.config.role : '', name, address].filter(Boolean).join(' ');
}

/** The form filled with `config`; what its role and transport do not have is taken from `before`, or has its default. */
export function formOf(config: EndpointConfig, before?: EndpointForm): EndpointForm {
  const values: Partial<Record<PlainField, string | boolean>> = {};
  for (const option of plainOptions) {
    const field = option.path as PlainField;
    const value = valueAt(config, field);
    if (value !== undefined) values[field] = typedAs(option, value);
    else values[field] ??= before?.[field] ?? typedAs(option, option.default);
  }
  return {
    ...(values as Omit<EndpointForm, 'role'>),
    ...framingFormOf(config.framing),
    ...behaviourFields(optionOf(config, 'behaviour')),
    name: ownName(config),
    role: config.role,
    transport: config.transport,
  };
}

function typedAs({ schema }: EndpointOption, value: unknown): string | boolean {
  if (typeof value === 'boolean') return value;
  const isLines = schema.type === 'list' && schema.separator === 'lines';
  return Array.isArray(value) ? value.join(isLines ? '\n' : ', ') : String(value);
}

/** The field of the text of an action. */
function actionField(name: string): keyof ActionValues {
  return `behaviour.${name}` as keyof ActionValues;
}

function behaviourFields(behaviour: Action): ActionValues & Pick<EndpointForm, 'behaviour'> {
  const texts = actionKinds.flatMap(({ kind, value }) => {
    if (!value) return [];
    return [[actionField(value.name), (kind === behaviour.kind ? textOf(behaviour) : undefined) ?? value.default]];
  });
  return { behaviour: behaviour.kind, ...Object.fromEntries(texts) };
}

/** Returns the behaviour that the form shows. */
export function behaviourOf(form: EndpointForm): Action {
  const { value } = actionKindOf(form.behaviour);
  return createAction(form.behaviour, value && form[actionField(value.name)]);
}

/** Returns the value of an option in the form, as a value of the configuration; NaN for text that is not a number. */
function readField({ schema, path }: EndpointOption, form: EndpointForm): unknown {
  const typed = form[path as PlainField];
  switch (schema.type) {
    case 'whole': {
      const text = String(typed).trim();
      return /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    }
    case 'list':
      return String(typed)
        .split(schema.separator === 'lines' ? '\n' : /[\s,]+/)
        .map((item) => item.trim())
        .filter(Boolean)
        .map((item) => schema.normalise?.(item) ?? item);
    default:
      return typed;
  }
}

/** The field of the form that a path of the schema's complaint is about. */
function fieldOf(form: EndpointForm, path: readonly PropertyKey[]): FormField {
  const [first, ...rest] = path;
  if (first === 'framing') return framingFieldOf(form.framing, rest);
  const name = path.slice(0, 2).map(String).join('.');
  return Object.hasOwn(form, name) ? (name as FormField) : (String(first) as FormField);
}

type FormResult =
  | { readonly ok: true; readonly config: EndpointConfig }
  | { readonly ok: false; readonly errors: FormErrors };

/**
 * Reads the form: the configuration it describes, or what is wrong, by field. What its role and transport do not have is
 * left out. What is not shown is not an error: where it is wrong, it has its default.
 */
export function readForm(form: EndpointForm): FormResult {
  const { role, transport } = form;
  const errors: Partial<Record<FormField, string>> = {};
  const values: Record<string, unknown> = {};
  for (const option of partsOf(role, transport, plainOptions)) {
    const field = option.path as PlainField;
    const value = field === 'name' ? form.name.trim() || role : readField(option, form);
    const problem = valueProblem(option.schema, option.label, value);
    if (problem !== undefined && appliesTo(form, field)) errors[field] = problem;
    values[field] = problem === undefined ? value : option.default;
  }
  if (role === 'server') values.behaviour = behaviourOf(form);
  if (appliesTo(form, 'framing')) values.framing = framingOf(form);
  const parsed = pageEndpointConfigSchema.safeParse(nested({ role, transport }, values), { error: shortErrors });
  if (parsed.success && Object.keys(errors).length === 0) return { ok: true, config: parsed.data };
  for (const issue of parsed.error?.issues ?? []) errors[fieldOf(form, issue.path)] ??= issue.message;
  return { ok: false, errors };
}
