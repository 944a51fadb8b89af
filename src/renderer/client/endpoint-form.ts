import { pageEndpointConfigSchema } from '#shared/contract/file-reference-schema.ts';
import { type Behaviour, defaultClient, defaultServer, type EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import { ownName } from './endpoint-title.ts';
import {
  type EndpointForm,
  type FormErrors,
  type FormField,
  formFields,
  type PlainField,
  plainFields,
  setAt,
  valueAt,
} from './form-fields.ts';
import { framingFieldOf, framingFormOf, framingOf } from './framing-form.ts';
import { appliesTo } from './options/options.ts';
import { schemaWords } from './schema-words.ts';

/** Both roles' defaults: a form holds what either may want. */
const defaults = { ...defaultClient, ...defaultServer };

/** The form filled with `config`; what its role has not is filled with what is usual. */
export function formOf(config: EndpointConfig): EndpointForm {
  const values: Partial<Record<PlainField, string | boolean>> = {};
  for (const field of plainFields) values[field] = typedAs(field, valueAt(config, field) ?? valueAt(defaults, field));
  const behaviour: Behaviour = config.role === 'server' ? config.behaviour : defaultServer.behaviour;
  return {
    ...(values as Omit<EndpointForm, 'role'>),
    ...framingFormOf(config.framing),
    name: ownName(config),
    role: config.role,
    transport: config.transport,
    behaviour: behaviour.kind,
    'behaviour.text': behaviour.kind === 'reply' ? behaviour.text : 'Message received!',
    'behaviour.path': behaviour.kind === 'reply-file' ? behaviour.path : 'sample:data.json',
  };
}

function typedAs(field: PlainField, value: unknown): string | boolean {
  if (typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.join(formFields[field] === 'lines' ? '\n' : ', ') : String(value);
}

function behaviourOf(form: EndpointForm): Behaviour {
  switch (form.behaviour) {
    case 'silent':
    case 'echo':
      return { kind: form.behaviour };
    case 'reply':
      return { kind: 'reply', text: form['behaviour.text'] };
    case 'reply-file':
      return { kind: 'reply-file', path: form['behaviour.path'] };
  }
}

/** What is typed in a field as the configuration has it; NaN where it is no number. */
function readField(form: EndpointForm, field: PlainField): unknown {
  const typed = form[field];
  switch (formFields[field]) {
    case 'number': {
      const text = String(typed).trim();
      return /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    }
    case 'words':
      return String(typed)
        .split(/[\s,]+/)
        .filter(Boolean);
    case 'lines':
      return String(typed)
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
    case 'fingerprints':
      return String(typed)
        .toUpperCase()
        .split(/[\s,]+/)
        .filter(Boolean);
    case 'text':
    case 'check':
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
 * Reads the form: the configuration it describes, or what is wrong, by field. The contract's own schema decides. What its
 * role and transport do not have is not checked: where it is wrong, it is as if it had not been touched.
 */
export function readForm(form: EndpointForm): FormResult {
  const errors: Partial<Record<FormField, string>> = {};
  const untouched = new Set<string>();
  for (;;) {
    const parsed = pageEndpointConfigSchema.safeParse(configOf(form, untouched, errors));
    if (parsed.success && Object.keys(errors).length === 0) return { ok: true, config: parsed.data };
    const fields = (parsed.error?.issues ?? []).map(
      (issue) => [fieldOf(form, issue.path), schemaWords(issue)] as const,
    );
    const hidden = fields.filter(([field]) => !appliesTo(form, field) && !untouched.has(field));
    if (hidden.length === 0) {
      for (const [field, message] of fields) errors[field] ??= message;
      return { ok: false, errors };
    }
    for (const [field] of hidden) untouched.add(field);
  }
}

/** What the form says, unchecked. Numbers that are none are said in `errors` and replaced. */
function configOf(
  form: EndpointForm,
  untouched: ReadonlySet<string>,
  errors: Partial<Record<FormField, string>>,
): Record<string, unknown> {
  const { role, transport } = form;
  const config: Record<string, unknown> = { role, transport, behaviour: behaviourOf(form) };
  for (const field of plainFields) {
    let value = untouched.has(field) ? valueAt(defaults, field) : readField(form, field);
    if (Number.isNaN(value)) {
      if (appliesTo(form, field)) errors[field] ??= numberError(form, field);
      value = valueAt(defaults, field);
    }
    setAt(config, field, value);
  }
  config.name = form.name.trim() || role;
  config.framing = untouched.has('framing') || !appliesTo(form, 'framing') ? framingAnyway(form) : framingOf(form);
  return config;
}

/** The framing where there is nothing to frame: as typed while that is right, so that it is there again later. */
function framingAnyway(form: EndpointForm): unknown {
  const spec = framingOf(form);
  return endpointConfigSchema.safeParse({ ...defaultServer, framing: spec }).success ? spec : defaults.framing;
}

function numberError(form: EndpointForm, field: PlainField): string {
  if (field === 'port' || field === 'localPort') {
    const range = form.role === 'client' && field === 'port' ? '1 to 65535' : '0 to 65535';
    return form[field].trim() === '' ? `a port is needed, ${range}` : `a port is a number, ${range}`;
  }
  return 'a whole number is needed';
}
