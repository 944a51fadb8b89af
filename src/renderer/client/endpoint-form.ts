import { toHex } from '#shared/bytes/hex.ts';
import {
  type Behaviour,
  defaultClient,
  defaultServer,
  type EndpointConfig,
  endpointConfigSchema,
} from '#shared/contract/endpoint-config.ts';
import { type FramingSpec, formatFraming } from '#shared/framing/spec.ts';

export type FramingChoice = 'raw' | 'lf' | 'crlf' | 'delimiter' | 'json';

/** An endpoint as the form holds it: what was typed, right or wrong. */
export interface EndpointForm {
  readonly role: 'server' | 'client';
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly framing: FramingChoice;
  /** Hex, for the choice `delimiter`. */
  readonly delimiter: string;
  readonly halfOpen: boolean;
  readonly maxMessage: string;
  readonly maxQueued: string;
  // Of a server:
  readonly backlog: string;
  readonly behaviour: Behaviour['kind'];
  readonly replyText: string;
  readonly replyPath: string;
  readonly maxConnections: string;
  // Of a client:
  readonly localHost: string;
  readonly localPort: string;
  readonly connectTimeoutMs: string;
}

export type FormField = keyof EndpointForm;
export type FormErrors = Readonly<Partial<Record<FormField, string>>>;

export function formOf(config: EndpointConfig): EndpointForm {
  const server = config.role === 'server' ? config : defaultServer;
  const client = config.role === 'client' ? config : defaultClient;
  const { framing } = config;
  return {
    role: config.role,
    name: config.name,
    host: config.host,
    port: String(config.port),
    framing: framingChoice(framing),
    delimiter: framing.kind === 'delimiter' ? framing.delimiter : '03',
    halfOpen: config.halfOpen,
    maxMessage: String(config.limits.maxMessage),
    maxQueued: String(config.limits.maxQueued),
    backlog: String(server.backlog),
    behaviour: server.behaviour.kind,
    replyText: server.behaviour.kind === 'reply' ? server.behaviour.text : 'Message received!',
    replyPath: server.behaviour.kind === 'reply-file' ? server.behaviour.path : 'sample:data.json',
    maxConnections: String(config.limits.maxConnections),
    localHost: client.localHost,
    localPort: String(client.localPort),
    connectTimeoutMs: String(client.connectTimeoutMs),
  };
}

function framingChoice(spec: FramingSpec): FramingChoice {
  const spelled = formatFraming(spec);
  if (spelled === 'raw' || spelled === 'json') return spelled;
  if (spelled === 'line') return 'lf';
  return spelled === 'line:crlf' ? 'crlf' : 'delimiter';
}

function framingSpec(form: EndpointForm): FramingSpec {
  switch (form.framing) {
    case 'raw':
    case 'json':
      return { kind: form.framing };
    case 'lf':
      return { kind: 'delimiter', delimiter: toHex(Uint8Array.of(10)) };
    case 'crlf':
      return { kind: 'delimiter', delimiter: toHex(Uint8Array.of(13, 10)) };
    case 'delimiter':
      return { kind: 'delimiter', delimiter: form.delimiter };
  }
}

function behaviourOf(form: EndpointForm): Behaviour {
  switch (form.behaviour) {
    case 'silent':
    case 'echo':
      return { kind: form.behaviour };
    case 'reply':
      return { kind: 'reply', text: form.replyText };
    case 'reply-file':
      return { kind: 'reply-file', path: form.replyPath };
  }
}

const numeric: readonly FormField[] = [
  'port',
  'backlog',
  'maxMessage',
  'maxQueued',
  'maxConnections',
  'localPort',
  'connectTimeoutMs',
];

/** Which fields a role has; the others are neither shown nor checked. */
const serverOnly: ReadonlySet<FormField> = new Set(['backlog', 'maxConnections']);
const clientOnly: ReadonlySet<FormField> = new Set(['localPort', 'connectTimeoutMs']);

/** The field of the form that a path of the schema's complaint is about. */
function fieldOf(path: readonly PropertyKey[]): FormField {
  const [first, second] = path.map(String);
  if (first === 'limits') return second as FormField;
  if (first === 'framing') return 'delimiter';
  if (first === 'behaviour') return second === 'path' ? 'replyPath' : 'replyText';
  return first as FormField;
}

export type FormResult =
  | { readonly ok: true; readonly config: EndpointConfig }
  | { readonly ok: false; readonly errors: FormErrors };

/** Reads the form: the configuration it describes, or what is wrong, by field. The contract's own schema decides. */
export function readForm(form: EndpointForm): FormResult {
  const errors: Partial<Record<FormField, string>> = {};
  const number = (field: FormField): number => {
    const text = String(form[field]).trim();
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    const other = form.role === 'server' ? clientOnly : serverOnly;
    if (Number.isNaN(value) && !other.has(field)) errors[field] = numberError(field, form.role, text);
    return value;
  };
  const values = Object.fromEntries(numeric.map((field) => [field, number(field)]));
  const shared = {
    transport: 'tcp',
    name: form.name.trim() || form.role,
    host: form.host,
    port: values.port,
    framing: framingSpec(form),
    halfOpen: form.halfOpen,
    limits: {
      maxMessage: values.maxMessage,
      maxQueued: values.maxQueued,
      maxConnections: form.role === 'server' ? values.maxConnections : defaultClient.limits.maxConnections,
    },
  };
  const config =
    form.role === 'server'
      ? { ...shared, role: 'server', backlog: values.backlog, behaviour: behaviourOf(form) }
      : {
          ...shared,
          role: 'client',
          localHost: form.localHost,
          localPort: values.localPort,
          connectTimeoutMs: values.connectTimeoutMs,
        };
  const parsed = endpointConfigSchema.safeParse(config);
  if (parsed.success) return { ok: true, config: parsed.data };
  for (const issue of parsed.error.issues) errors[fieldOf(issue.path)] ??= issue.message;
  return { ok: false, errors };
}

function numberError(field: FormField, role: EndpointForm['role'], text: string): string {
  if (field === 'port' || field === 'localPort') {
    const range = role === 'client' && field === 'port' ? '1 to 65535' : '0 to 65535';
    return text === '' ? `a port is needed, ${range}` : `a port is a number, ${range}`;
  }
  return 'a whole number is needed';
}
