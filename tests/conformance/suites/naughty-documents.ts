import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeUtf8, encodeUtf8 } from '#shared/bytes/text.ts';
import type { DocumentKind } from '#shared/document/document-kind.ts';
import { fileNameOf, pathProblem } from '#shared/document/document-path.ts';
import { endpointKind } from '#shared/document/kinds/endpoint.ts';
import { environmentKind } from '#shared/document/kinds/environment.ts';
import { defaultPayloadMeta, payloadMetaKind } from '#shared/document/kinds/payload-meta.ts';
import { sendListKind } from '#shared/document/kinds/send-list.ts';
import { workspaceKind } from '#shared/document/kinds/workspace.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { parseTemplate, render } from '#shared/template/template.ts';
import { TestWorkspace } from '#support/workspace.ts';
import type { Workspace } from '#workspace/workspace.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

/** The longest name that a document has. Characters. */
const maxName = 120;

/** Returns the part of a document that `pick` selects, after it was written and read. */
function stored<Value>(kind: DocumentKind<Value>, value: Value, pick: (value: Value) => string | undefined): string {
  const written = kind.stringify(value);
  if (!written.ok) return `not written: ${written.error.system}`;
  const read = kind.parse(written.value.content);
  return read.ok ? String(pick(read.value.value)) : `not read: ${read.error.system}`;
}

/** Returns the value of a variable in JSON that a template makes. */
function rendered(text: string): string {
  const template = parseTemplate('json', '{"v": "{{ v }}"}');
  if (!template.ok) return template.problem.reason;
  const scope = {
    environment: { v: text },
    counters: new Map(),
    sources: { clock: () => 0, randomBytes: () => new Uint8Array(0) },
  };
  const bytes = render(template.value, scope);
  return bytes.ok
    ? z.object({ v: z.string() }).parse(JSON.parse(String(decodeUtf8(bytes.value)))).v
    : bytes.problem.reason;
}

function fieldCases(text: string, index: number): Case[] {
  const list = { steps: [], loop: 1 };
  const client = (name?: string) => ({
    config: createConfig('client', 'tcp', name === undefined ? {} : { name }),
    references: [],
  });
  const noted = {
    environment: stored(environmentKind, { variables: {}, secrets: [], note: text }, ({ note }) => note),
    payload: stored(payloadMetaKind, { ...defaultPayloadMeta, note: text }, ({ note }) => note),
    'send list': stored(sendListKind, { ...list, note: text }, ({ note }) => note),
    endpoint: stored(endpointKind, { ...client(), note: text }, ({ note }) => note),
  };
  const value = stored(environmentKind, { variables: { v: text }, secrets: [] }, ({ variables }) => variables.v);
  const cases = Object.entries(noted).map(([kind, actual]) => ({
    name: `note of a ${kind} ${index}`,
    right: text,
    actual,
  }));
  cases.push({ name: `variable ${index}`, right: text, actual: value });
  cases.push({ name: `variable in a template ${index}`, right: text, actual: rendered(text) });
  if (text.length > maxName) return cases;
  const named = {
    workspace: stored(workspaceKind, { version: 1, name: text }, ({ name }) => name),
    'send list': stored(sendListKind, { ...list, name: text }, ({ name }) => name),
  };
  for (const [kind, actual] of Object.entries(named)) {
    cases.push({ name: `name of a ${kind} ${index}`, right: text, actual });
  }
  // The name of an endpoint is a label: it is not empty, and has no blanks around it.
  const right = text.trim();
  if (right === '') return cases;
  const actual = stored(endpointKind, client(text), ({ config }) => config.name);
  return [...cases, { name: `name of an endpoint ${index}`, right, actual }];
}

/** Returns what a document of this name contains after it was saved; `refused` for a name that no system allows. */
async function saved(workspace: Workspace, path: string, text: string): Promise<string> {
  const written = await workspace.write(path, encodeUtf8(text), 'new');
  if (!written.ok) return written.error.code === 'bad-input' ? 'refused' : written.error.system;
  const read = await workspace.read(path);
  return read.ok ? String(decodeUtf8(read.value.bytes)) : read.error.system;
}

/** Strings that have broken other programs, as names and texts of documents. */
export const naughtyDocuments: Suite = {
  name: 'naughty documents',
  proves: 'any text is a note, a variable and a name, and what is offered as the name of a file is one',
  async cases() {
    const folder = outsideData('big-list-of-naughty-strings');
    if (folder === undefined) return undefined;
    const texts = z.array(z.string()).parse(JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8')));
    const cases = texts.flatMap(fieldCases);
    await using files = new TestWorkspace();
    const workspace = await files.open();
    for (const [index, text] of texts.entries()) {
      const usual = `payloads/${index}/${fileNameOf(text)}.txt`;
      cases.push({ name: `file ${index}`, right: text, actual: await saved(workspace, usual, text) });
      const own = `payloads/own ${index}/${text}.txt`;
      // A name that begins with a dot is hidden.
      const right = pathProblem(own) === undefined && !own.includes('/.') ? text : 'refused';
      cases.push({ name: `name of a file ${index}`, right, actual: await saved(workspace, own, text) });
    }
    return cases;
  },
};
