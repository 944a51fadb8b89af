import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CallName, contract } from '#shared/contract/contract.ts';
import { documentPath } from '#shared/contract/documents.ts';
import { referenceName } from '#shared/contract/file-reference.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { serverConfig } from '#support/config.ts';
import { readHandle, saveHandle } from '#support/file-handles.ts';

type Kind = 'read' | 'save' | 'folder' | 'sample' | 'stored';

const right: Record<Kind, string> = {
  read: readHandle('a.pem'),
  save: saveHandle('a.csv'),
  folder: `folder:${'x'.repeat(22)}/team`,
  sample: 'sample:data.json',
  stored: 'stored:a day.wirebench',
};

const server = (change: object) => serverConfig({ transport: 'tls', ...change });
const withTls = (change: object) => server({ tls: { ...change } });
const put = (change: object) => ({
  path: 'endpoints/a.yaml',
  basedOn: 'new',
  value: { kind: 'endpoint', config: server(change) },
});
const replying = (path: string) => server({ behaviour: { kind: 'reply-file', path } });

interface FileField {
  readonly takes: readonly Kind[];
  readonly input: (file: string) => unknown;
}

/** Each field of a call that names a file, with an input that is right but for it. */
const fileFields: Readonly<Record<string, FileField>> = {
  'endpoints.create tls.certificate': {
    takes: ['read'],
    input: (file) => withTls({ certificate: file, key: right.read }),
  },
  'endpoints.create tls.key': { takes: ['read'], input: (file) => withTls({ certificate: right.read, key: file }) },
  'endpoints.create tls.ca': { takes: ['read'], input: (ca) => withTls({ ca }) },
  'documents.put value.config.tls.certificate': {
    takes: ['read'],
    input: (file) => put({ tls: { certificate: file, key: right.read } }),
  },
  'documents.put value.config.tls.key': {
    takes: ['read'],
    input: (file) => put({ tls: { certificate: right.read, key: file } }),
  },
  'documents.put value.config.tls.ca': { takes: ['read'], input: (ca) => put({ tls: { ca } }) },
  'documents.put value.config.behaviour.path': {
    takes: ['read', 'sample'],
    input: (path) => put({ behaviour: { kind: 'reply-file', path } }),
  },
  'workspace.open folder': { takes: ['folder'], input: (folder) => ({ folder }) },
  'lessons.write folder': { takes: ['folder'], input: (folder) => ({ name: 'first-connection', folder }) },
  'workspace.create folder': { takes: ['folder'], input: (folder) => ({ name: 'team', folder }) },
  'endpoints.create behaviour.path': { takes: ['read', 'sample'], input: replying },
  'endpoints.update config.tls.certificate': {
    takes: ['read'],
    input: (file) => ({ id: 'e1', config: withTls({ certificate: file, key: right.read }) }),
  },
  'endpoints.update config.tls.key': {
    takes: ['read'],
    input: (file) => ({ id: 'e1', config: withTls({ certificate: right.read, key: file }) }),
  },
  'endpoints.update config.tls.ca': { takes: ['read'], input: (ca) => ({ id: 'e1', config: withTls({ ca }) }) },
  'endpoints.update config.behaviour.path': {
    takes: ['read', 'sample'],
    input: (file) => ({ id: 'e1', config: replying(file) }),
  },
  'sockets.send file': { takes: ['read'], input: (file) => ({ sockets: [1], frame: false, file }) },
  'jobs.start file': {
    takes: ['read'],
    input: (file) => ({ kind: 'repeat', sockets: [1], frame: false, intervalMs: 0, jitterMs: 0, file }),
  },
  'jobs.start rows': {
    takes: ['read'],
    input: (rows) => ({ kind: 'list', sockets: [1], list: 'lists/a.yaml', rows }),
  },
  'sessions.save target': { takes: ['save'], input: (target) => ({ session: 's', format: 'csv', target, job: 't' }) },
  'sessions.open file': { takes: ['read', 'stored'], input: (file) => ({ file }) },
  'sessions.move target': { takes: ['save'], input: (target) => ({ session: 's', target, job: 't' }) },
  'sessions.delete stored': { takes: ['stored'], input: (stored) => ({ stored }) },
};

/** Texts that name no file, whatever call they are in: identifiers, filters, hosts. */
const names = new Set([
  'id',
  'session',
  'job',
  'endpoint',
  'filter',
  'query',
  'scope.filter',
  'host',
  'endpoint.host',
  'title',
]);
/** Other texts that name no file. The paths are the address of a local socket and the target of an HTTP request. */
const otherTexts = new Set([
  // One of the lessons that ship with Wirebench.
  'lessons.write name',
  'sessions.lessonProgress steps[].filter',
  'sockets.peerProcess local',
  'sockets.peerProcess peer',
  'settings.set filters[]',
  'jobs.start reply.filter',
  'jobs.start until.filter',
  'sessions.find find',
  'sessions.mark note',
  'sessions.rename name',
  'sessions.statistics pairing.request',
  'sessions.statistics pairing.reply',
  // A name that the host proposes: it chooses the folder.
  'dialogs.save suggestedName',
  'downloads.prepare suggestedName',
  'places.list suggestedName',
  // What a user writes, and what only the page that kept it reads.
  ...['sockets.send', 'jobs.start', 'payloads.preview'].flatMap((call) => [
    `${call} payload.text`,
    `${call} payload.checksum.spec`,
  ]),
  'workspace.create name',
  'layout.keep layout',
  ...['drafts.list', 'drafts.keep', 'drafts.drop', 'drafts.end'].map((call) => `${call} page`),
  'drafts.keep key',
  'drafts.keep takesOver[]',
  'drafts.keep details.*',
  'drafts.drop key',
  'secrets.set name',
  'secrets.set value',
  'secrets.remove name',
  // Names what is in memory.
  'documents.restore undo',
  ...['documents.write basedOn', 'documents.put basedOn', 'drafts.keep basedOn'],
  ...['name', 'note', 'framing', 'checksum.spec', 'variables[].name', 'variables[].value', 'secrets[]'].map(
    (field) => `documents.put value.${field}`,
  ),
  ...['payload', 'note', 'expect.filter'].map((field) => `documents.put value.steps[].${field}`),
]);
const configTexts = new Set([
  ...[
    'checksum',
    'name',
    'host',
    'path',
    'localHost',
    'behaviour.text',
    'ws.path',
    'ws.origin',
    'ws.protocols[]',
    'ws.headers[]',
  ],
  ...['tls.passphrase', 'tls.trusted[]', 'tls.serverName', 'tls.alpn[]'],
  ...['udp.group', 'udp.source', 'udp.multicastInterface'],
]);
const bytesFields = new Set([
  'sockets.send bytes',
  'jobs.start bytes',
  'sockets.ping payload',
  'documents.write bytes',
  'drafts.keep bytes',
  'sessions.search needle',
]);

function namesNoFile(call: string, field: string): boolean {
  const inConfig = call === 'endpoints.create' ? field : field.replace(/^(?:value\.)?config\./, '');
  const hasConfig = call.startsWith('endpoints.') || field.startsWith('value.config.');
  if (hasConfig && configTexts.has(inConfig)) return true;
  return (
    names.has(field) ||
    otherTexts.has(`${call} ${field}`) ||
    /^((value\.)?config\.|payload\.)?framing\.\w+$/.test(field)
  );
}

interface JsonSchema {
  readonly type?: string;
  /** `document-path` of the schema `documentPath`. */
  readonly format?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** The end of the name of a field that takes the path of a document. */
const documentField = ' as a document';

/** The fields of a schema that take any text, or anything at all. */
function* freeFields(schema: JsonSchema, path = ''): Generator<string> {
  if (schema.format === 'document-path') {
    yield `${path} as a document`;
    return;
  }
  const { properties = {}, items, additionalProperties, type } = schema;
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  for (const one of alternatives) yield* freeFields(one, path);
  for (const [key, value] of Object.entries(properties)) yield* freeFields(value, path === '' ? key : `${path}.${key}`);
  if (items) yield* freeFields(items, `${path}[]`);
  if (typeof additionalProperties === 'object') yield* freeFields(additionalProperties, `${path}.*`);
  const isChoice = schema.enum !== undefined || schema.const !== undefined;
  if (!isChoice && (type === 'string' || (type === undefined && alternatives.length === 0))) yield path;
}

/** Every field of a call of the contract that takes any text, or anything at all. */
function allFields(): { readonly call: string; readonly field: string }[] {
  return Object.entries(contract).flatMap(([call, { input }]) => {
    const schema = z.toJSONSchema(input, { unrepresentable: 'any', io: 'input', reused: 'inline' }) as JsonSchema;
    return [...new Set(freeFields(schema))].map((field) => ({ call, field }));
  });
}

const hostile = [
  '/etc/passwd',
  '/proc/self/environ',
  'data.json',
  './data.json',
  '../data.json',
  '~/.ssh/id_rsa',
  'C:\\secrets.txt',
  '\\\\server\\share\\x',
  '\\\\.\\pipe\\x',
  'file:///etc/passwd',
  'file:/etc/passwd',
  'file:short/passwd',
  `${readHandle('..')}/../../etc/passwd`,
  readHandle('a/b'),
  readHandle('a\\b'),
  readHandle('a\nb'),
  readHandle(''),
  saveHandle('../x'),
  'stored:/etc/passwd.wirebench',
  'stored:../a.wirebench',
  'stored:..\\a.wirebench',
  'stored:passwd',
  'sample:../package.json',
  `x${readHandle('a.pem')}`,
  `${readHandle('a.pem')}\n/etc/passwd`,
];

describe('the calls of a page', () => {
  it('have no other field that could take a path than those whose files are named by references', () => {
    const fields = allFields();
    const unknown = fields.filter(
      ({ call, field }) =>
        !Object.hasOwn(fileFields, `${call} ${field}`) &&
        !bytesFields.has(`${call} ${field}`) &&
        !field.endsWith(documentField) &&
        !namesNoFile(call, field),
    );
    expect(unknown, 'add a field that names a file to `fileFields`, another one to the texts that name none').toEqual(
      [],
    );
    const known = new Set(fields.map(({ call, field }) => `${call} ${field}`));
    expect(Object.keys(fileFields).filter((field) => !known.has(field))).toEqual([]);
  });

  it('name documents by relative paths that stay in the workspace, in every field for them', () => {
    const fields = allFields().filter(({ field }) => field.endsWith(documentField));
    expect(fields.length).toBeGreaterThan(15);
    expect(documentPath.safeParse('payloads/orders/new-order.json').success).toBe(true);
    // These two are relative: no file in a folder of documents, which the main process finds.
    for (const path of hostile.filter((it) => it !== 'data.json' && it !== '~/.ssh/id_rsa')) {
      expect(documentPath.safeParse(path).success, path).toBe(false);
    }
  });

  it.each(Object.entries(fileFields))('take references of the right kind alone in %s', (name, { takes, input }) => {
    const [call = '', field = ''] = name.split(' ');
    const issues = (file: string) => {
      const parsed = contract[call as CallName].input.safeParse(input(file));
      return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.map(String).join('.'));
    };
    for (const kind of Object.keys(right) as Kind[]) {
      expect(issues(right[kind]), `${kind} in ${name}`).toEqual(takes.includes(kind) ? [] : [field]);
    }
    for (const file of hostile) expect(issues(file), file).toEqual([field]);
  });

  it('refuse paths in the TLS options of a transport that does not use them', () => {
    const config = { ...defaultServer, tls: { ca: '/etc/passwd' } };
    expect(contract['endpoints.create'].input.safeParse(config).success).toBe(false);
  });
});

describe('the name of a reference', () => {
  it.each([
    [right.read, 'a.pem'],
    [right.save, 'a.csv'],
    [right.sample, 'data.json'],
    [right.stored, 'a day.wirebench'],
    ['/home/me/x.wirebench', 'x.wirebench'],
    ['C:\\me\\x.wirebench', 'x.wirebench'],
    ['', ''],
  ])('of %j is %j', (reference, name) => {
    expect(referenceName(reference)).toBe(name);
  });
});
