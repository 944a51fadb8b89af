import type { Framer } from './framer.ts';
import type { Framing } from './framing.ts';
import { cobs } from './kinds/cobs.ts';
import { delimiter } from './kinds/delimiter.ts';
import { fix } from './kinds/fix.ts';
import { fixed } from './kinds/fixed.ts';
import { http } from './kinds/http.ts';
import { json, jsonArray } from './kinds/json.ts';
import { length } from './kinds/length.ts';
import { lsp } from './kinds/lsp.ts';
import { mllp } from './kinds/mllp.ts';
import { netstring } from './kinds/netstring.ts';
import { postgres } from './kinds/postgres.ts';
import { gap, raw } from './kinds/reads.ts';
import { resp } from './kinds/resp.ts';
import { scpi } from './kinds/scpi.ts';
import { slip } from './kinds/slip.ts';
import { startDelimited, startFixed } from './kinds/start-bytes.ts';
import { stomp } from './kinds/stomp.ts';
import { stx } from './kinds/stx.ts';
import { octet, syslog } from './kinds/syslog.ts';
import { xml } from './kinds/xml.ts';
import { xmpp } from './kinds/xmpp.ts';

/** Every kind of framing, in the order of the help and of docs/framing.md. */
const kinds = [
  raw,
  delimiter,
  fixed,
  startDelimited,
  startFixed,
  length,
  octet,
  syslog,
  netstring,
  stx,
  slip,
  cobs,
  mllp,
  json,
  jsonArray,
  xml,
  xmpp,
  http,
  lsp,
  stomp,
  resp,
  scpi,
  fix,
  postgres,
  gap,
] as const;

type SpecOf<Kind> = Kind extends { createFramer(spec: infer Spec, maxMessage: number): Framer } ? Spec : never;
type VariantOf<Kind> = Kind extends { readonly variants?: readonly { readonly name: infer Name extends string }[] }
  ? Name
  : never;

/** The rule that splits a byte stream into messages. Bytes are hex: `0a`, `0d0a`, … docs/framing.md describes each framing. */
export type FramingSpec = SpecOf<(typeof kinds)[number]>;
export type FramingKind = FramingSpec['kind'];

/** A name under which a form lists a kind with fixed values: `lf`. */
export type FramingVariantName = VariantOf<(typeof kinds)[number]>;

/** Every kind of framing. Each accepts only the specs of its kind. */
export const framings: readonly Framing<FramingSpec, FramingVariantName>[] =
  kinds as readonly unknown[] as readonly Framing<FramingSpec, FramingVariantName>[];

const byKind = new Map(framings.map((framing) => [framing.kind, framing]));

/** Returns the descriptor of a kind. */
export function framingOfKind(kind: FramingKind): Framing<FramingSpec, FramingVariantName> {
  const framing = byKind.get(kind);
  if (!framing) throw new Error(`there is no framing of kind ${kind}`);
  return framing;
}
