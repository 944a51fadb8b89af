/**
 * A JSON value with its place in the text, `[at, end)`. Nothing is converted: numbers keep every digit they were written
 * with, and an object keeps its members in order, repeated keys and all. So a view or a new layout shows what was sent.
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
