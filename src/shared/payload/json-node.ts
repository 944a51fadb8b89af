/**
 * A JSON value with its place in the text, `[at, end)`. Nothing is converted: numbers keep every digit, and an object keeps its members
 * in order, duplicate keys included, so that a view or a new layout shows what was sent.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly at: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null'; readonly at: number; readonly end: number };

export interface JsonMember {
  readonly keyAt: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}
