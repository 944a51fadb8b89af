import type { z } from 'zod';
import type { Failure } from '../failure.ts';
import type { Place } from './document-path.ts';

/** A value that a document names but does not contain, because it belongs to one person or machine. */
export interface KeptReference {
  /** `secret`: a passphrase, a token. `path`: the path of a file outside of the workspace. */
  readonly kind: 'secret' | 'path';
  /** The name in the document. */
  readonly name: string;
  /** Where in the document: `tls.passphrase`. */
  readonly at: string;
}

export interface KeptValue extends KeptReference {
  readonly value: string;
}

/** What is known around a document. Each part may be missing. */
export interface DocumentContext {
  /** The path of the document in its workspace: for messages, and to find the schemas from it. */
  readonly path?: string | undefined;
  /** The absolute path of the workspace on this machine: relative paths in documents begin there. */
  readonly root?: string | undefined;
  /** Returns the value of a reference on this machine; `undefined` if it is not there. */
  readonly kept?: ((reference: KeptReference) => string | undefined) | undefined;
}

/** A failure of a document, and where in its text. Lines and columns begin at 1. */
export type DocumentResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure; readonly line?: number; readonly column?: number };

/** Something in a document that does not keep it from being used: an unknown key. */
export interface Notice {
  readonly text: string;
  readonly line?: number;
}

export interface ParsedDocument<Value> {
  readonly value: Value;
  readonly notices: readonly Notice[];
  /** What the document names and does not contain. */
  readonly references: readonly KeptReference[];
}

export interface WrittenDocument<Content extends string | Uint8Array> {
  readonly content: Content;
  readonly notices: readonly Notice[];
  /** What must be kept on this machine, outside of the workspace. */
  readonly kept: readonly KeptValue[];
}

/** One kind of document. `catalogue.ts` lists them. */
export interface DocumentKind<
  Value = unknown,
  Content extends string | Uint8Array = string | Uint8Array,
  Kind extends string = string,
> extends Place {
  readonly kind: Kind;
  /** For a person: “send list”. */
  readonly label: string;
  /** The schema of the file; `undefined` where its bytes are the document. */
  readonly schema: z.ZodType | undefined;
  /** Reads a document. Never throws. */
  parse(content: string | Uint8Array, context?: DocumentContext): DocumentResult<ParsedDocument<Value>>;
  /**
   * Writes a document. With `previous`, the text that it replaces, changes only what changed; fails if that text is not such a document,
   * so that nothing is overwritten that was not understood.
   */
  stringify(value: Value, previous?: string, context?: DocumentContext): DocumentResult<WrittenDocument<Content>>;
}
