import { parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import type { DocumentValue } from '#shared/contract/documents.ts';
import { isReference } from '#shared/contract/file-reference.ts';
import type { KeptReference } from '#shared/document/document-kind.ts';
import { type EndpointDocument, endpointKind } from '#shared/document/kinds/endpoint.ts';
import { type Environment, environmentKind } from '#shared/document/kinds/environment.ts';
import { type PayloadMeta, payloadMetaKind } from '#shared/document/kinds/payload-meta.ts';
import { type SendList, sendListKind } from '#shared/document/kinds/send-list.ts';
import { filesOf } from '#shared/endpoint/configured-files.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { withoutSecrets, withSecrets } from '#shared/endpoint/secrets.ts';
import { fail, ok, type Result } from '#shared/failure.ts';

/*
 * The content of documents, as pages have it and as their kinds do. Pages name files by handles, and see marks in place of secrets.
 */

/** The kinds of document with values that pages edit. */
export const valueKinds = {
  endpoint: endpointKind,
  'payload-meta': payloadMetaKind,
  environment: environmentKind,
  'send-list': sendListKind,
} as const;
export type ValueKind = keyof typeof valueKinds;

/** The value of each kind, as `valueKinds` parse it. */
export interface KindValues {
  readonly endpoint: EndpointDocument;
  readonly 'payload-meta': PayloadMeta;
  readonly environment: Environment;
  readonly 'send-list': SendList;
}

/** Returns a value as a page sees it. `handleOf` grants a file by its path. */
export function pageValue<Kind extends ValueKind>(
  kind: Kind,
  value: KindValues[Kind],
  handleOf: (path: string) => string,
): DocumentValue {
  const values = { [kind]: value } as Partial<KindValues>;
  if (values.endpoint) {
    const { config, colour, note } = values.endpoint;
    const shown = withPassphraseSet(withoutSecrets(config), config);
    return { kind: 'endpoint', config: withFiles(shown, handleOf), colour, note };
  }
  if (values['payload-meta']) {
    const { checksum, ...meta } = values['payload-meta'];
    return { kind: 'payload-meta', ...meta, checksum: checksum && { ...checksum } };
  }
  if (values.environment) {
    const { variables, secrets, ...rest } = values.environment;
    const list = Object.entries(variables).map(([name, text]) => ({ name, value: text }));
    return { kind: 'environment', ...rest, variables: list, secrets: [...secrets] };
  }
  const { steps, ...list } = values['send-list'] as SendList;
  return {
    kind: 'send-list',
    ...list,
    steps: steps.map((step) => ({ ...step, expect: step.expect && { ...step.expect } })),
  };
}

/** What a value from a page needs to become one of a document. */
interface PageContext {
  /** Returns the path of a file by its handle. */
  readonly pathOf: (handle: string) => Result<string>;
  /** The references that the document has so far. */
  readonly references: readonly KeptReference[];
}

/** Returns the value of a document from a page. Fails with `not-found` for an unknown handle, with `bad-input` for a value. */
export function kindValue(value: DocumentValue, { pathOf, references }: PageContext): Result<KindValues[ValueKind]> {
  if (value.kind === 'endpoint') {
    const { config, colour, note } = value;
    const named = withPaths(config, pathOf);
    return named.ok ? ok({ config: named.value, colour, note, references }) : named;
  }
  if (value.kind === 'payload-meta') {
    const { kind: _, ...meta } = value;
    const parsed = meta.checksum && parseChecksumSpec(meta.checksum.spec);
    return parsed?.ok === false ? parsed : ok(meta);
  }
  const { kind: _, ...content } = value;
  if (!('variables' in content)) return ok(content);
  const names = content.variables.map(({ name }) => name);
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined)
    return fail('bad-input', `The variable “${repeated}” exists twice`, { hint: 'Rename one.' });
  return ok({
    ...content,
    variables: Object.fromEntries(content.variables.map(({ name, value: text }) => [name, text])),
  });
}

/**
 * Returns the configuration `config` from a page with the secrets that its marks stand for, from the first of `sources` that has each. A
 * secret that none of them has stays a mark, and a passphrase that is said to be set stays so.
 */
export function withKnownSecrets(config: EndpointConfig, sources: readonly EndpointConfig[]): EndpointConfig {
  return sources.reduce((whole, source) => withPassphraseSet(withSecrets(whole, source), whole), config);
}

/** Returns `config` with the passphrase said to be set where `other` says so. */
function withPassphraseSet(config: EndpointConfig, other: EndpointConfig): EndpointConfig {
  if (!('tls' in config && 'tls' in other && other.tls.passphraseSet)) return config;
  return { ...config, tls: { ...config.tls, passphraseSet: true } } as EndpointConfig;
}

/** Returns `config` with handles in place of the paths of its files. */
export function withFiles(config: EndpointConfig, handleOf: (path: string) => string): EndpointConfig {
  const copy = structuredClone(config);
  for (const { path, reference } of filesOf(config)) {
    if (!isReference('sample', reference)) place(copy, path, handleOf(reference));
  }
  return copy;
}

function withPaths(config: EndpointConfig, pathOf: (handle: string) => Result<string>): Result<EndpointConfig> {
  const copy = structuredClone(config);
  for (const { path, reference } of filesOf(config)) {
    if (!isReference('read', reference)) continue;
    const found = pathOf(reference);
    if (!found.ok) return found;
    place(copy, path, found.value);
  }
  return ok(copy);
}

/** Sets the option at `path` of a configuration, which has it. */
function place(config: object, path: readonly string[], value: string): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) Reflect.set(config, first, value);
  else place(Reflect.get(config, first), rest, value);
}
