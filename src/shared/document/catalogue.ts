import type { DocumentKind } from './document-kind.ts';
import { isIn } from './document-path.ts';
import { endpointKind } from './kinds/endpoint.ts';
import { environmentKind } from './kinds/environment.ts';
import { payloadKind } from './kinds/payload.ts';
import { payloadMetaKind } from './kinds/payload-meta.ts';
import { sendListKind } from './kinds/send-list.ts';
import { workspaceKind } from './kinds/workspace.ts';
import { schemaFileOf } from './yaml-kind.ts';

/** Every kind of document, in the order in which a path is compared with them. */
const catalogue = [workspaceKind, endpointKind, payloadMetaKind, payloadKind, environmentKind, sendListKind] as const;

type DocumentKindName = (typeof catalogue)[number]['kind'];

/** What all kinds have in common; their values differ. */
type AnyDocumentKind = Omit<DocumentKind<unknown, string | Uint8Array, DocumentKindName>, 'stringify'>;

export const documentKinds: readonly AnyDocumentKind[] = catalogue;

/** Returns the kind of the document at `path`, relative to its workspace; `undefined` for any other file. */
export function kindOfPath(path: string): AnyDocumentKind | undefined {
  return documentKinds.find((one) => isIn(one, path));
}

/** The files with the JSON Schemas, by kind. A workspace has copies of them in `.wirebench/schemas`. */
export const schemaFiles: readonly { readonly kind: DocumentKindName; readonly file: string }[] = catalogue
  .filter(({ schema }) => schema !== undefined)
  .map(({ kind }) => ({ kind, file: schemaFileOf(kind) }));
