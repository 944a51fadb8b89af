import { z } from 'zod';
import { formatFraming, parseFraming } from '../../framing/spec.ts';
import { choiceField, flagField, group, noteField, pathField, textField, wholeField } from '../file-fields.ts';
import { yamlKind } from '../yaml-kind.ts';
import { payloadEndings } from './payload.ts';

const encodings = [
  'utf-8',
  'utf-8-bom',
  'utf-16le',
  'utf-16be',
  'latin-1',
  'windows-1252',
  'gbk',
  'shift_jis',
] as const;
const lineEnds = ['lf', 'crlf', 'cr'] as const;

/** A checksum as it is spelled: the name of its algorithm, the order of its bytes, and whether they are hex text. */
const checksumSpelling = /^(?<name>[a-z0-9][a-z0-9/_.+ -]{0,59})(?<order>:le|:be)?(?<hex>:hex)?$/i;
const checksumHelp = 'Checksum to append when sending: NAME[:le|:be][:hex], such as crc-16/modbus:le.';
const spelling = textField(80, checksumHelp).regex(checksumSpelling, 'must be spelled NAME[:le|:be][:hex]');
const offset = (description: string) => wholeField(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, description);

const framing = textField(
  200,
  'Framing of this payload, as on the command line (docs/framing.md). raw: add nothing. Default: the endpoint’s.',
).refine((text) => parseFraming(text) !== undefined, 'is not a framing, such as line:crlf or len:4be');

const schema = group(
  {
    template: flagField('true: {{ … }} is replaced when the payload is sent. Default: false.').optional(),
    encoding: choiceField(encodings, 'Encoding of the payload, for editing and sending. Default: utf-8.').optional(),
    lineEnds: choiceField(lineEnds, 'Line ends of new lines. Those in the payload stay as they are.').optional(),
    framing: framing.optional(),
    checksum: z
      .union(
        [
          spelling,
          // Other keys are kept without a notice: in a choice of forms, a refused key would hide which form is meant.
          z.looseObject({
            algorithm: spelling,
            from: offset('First byte to include; negative: from the end. Default: 0.').optional(),
            to: offset('End, exclusive; negative: from the end. Default: the end of the payload.').optional(),
          }),
        ],
        { error: 'must be NAME[:le|:be][:hex], or a group of algorithm, from and to' },
      )
      .meta({ description: checksumHelp })
      .optional(),
    schema: pathField('JSON Schema of the payload: a file of the workspace.').optional(),
    favourite: wholeField(1, 9, 'Number of the key that sends this payload, with Alt.').optional(),
    note: noteField.optional(),
  },
  'What the bytes of a payload do not say: how it is edited and sent.',
);

/** A checksum to append. Positions in bytes, negative from the end. */
interface ChecksumChoice {
  readonly name: string;
  /** The order of the bytes; left out: the usual one of the algorithm. */
  readonly order?: 'le' | 'be' | undefined;
  /** As hex text instead of bytes. */
  readonly hex: boolean;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What is known of a payload beside its bytes. What is left out has its default. */
export interface PayloadMeta {
  readonly template: boolean;
  readonly encoding: (typeof encodings)[number];
  readonly lineEnds?: (typeof lineEnds)[number] | undefined;
  /** The framing to send it with, as on the command line; left out: that of the endpoint. */
  readonly framing?: string | undefined;
  readonly checksum?: ChecksumChoice | undefined;
  readonly schema?: string | undefined;
  readonly favourite?: number | undefined;
  readonly note?: string | undefined;
}

/** What holds for a payload without a meta file. */
export const defaultPayloadMeta: PayloadMeta = { template: false, encoding: 'utf-8' };

/** Parses `NAME[:le|:be][:hex]`; returns `undefined` for any other text. Does not check that the algorithm exists. */
export function parseChecksumSpelling(text: string): ChecksumChoice | undefined {
  const { name = '', order, hex } = checksumSpelling.exec(text.trim())?.groups ?? {};
  if (name === '') return undefined;
  const bytes = order === undefined ? undefined : order.toLowerCase() === ':le' ? 'le' : 'be';
  return { name: name.trim().toLowerCase(), order: bytes, hex: hex !== undefined };
}

/** Returns the spelling of a checksum: the inverse of `parseChecksumSpelling`, without the positions. */
export function formatChecksum({ name, order, hex }: ChecksumChoice): string {
  return `${name}${order === undefined ? '' : `:${order}`}${hex ? ':hex' : ''}`;
}

function readChecksum(checksum: z.infer<typeof schema>['checksum']): ChecksumChoice | undefined {
  if (checksum === undefined) return undefined;
  const { algorithm, from, to } = typeof checksum === 'string' ? { algorithm: checksum } : checksum;
  const parsed = parseChecksumSpelling(algorithm);
  return parsed && { ...parsed, from, to };
}

/** `payloads/**.meta.yaml`, next to the payload of the same name. */
export const payloadMetaKind = yamlKind({
  kind: 'payload-meta',
  label: 'payload’s meta file',
  folder: 'payloads',
  endings: Object.keys(payloadEndings).map((ending) => `${ending}.meta.yaml`),
  schema,
  read({ template = false, encoding = 'utf-8', framing: spelled, checksum, ...rest }) {
    const spec = spelled === undefined ? undefined : parseFraming(spelled);
    const framing = spec && formatFraming(spec);
    const value: PayloadMeta = { ...rest, template, encoding, framing, checksum: readChecksum(checksum) };
    return { ok: true, value };
  },
  write({ template, encoding, lineEnds, framing, checksum, schema: schemaPath, favourite, note }: PayloadMeta) {
    const algorithm = checksum && formatChecksum(checksum);
    const isWhole = checksum?.from === undefined && checksum?.to === undefined;
    const sum = isWhole ? algorithm : { algorithm, from: checksum?.from, to: checksum?.to };
    const file = {
      template: template || undefined,
      encoding: encoding === 'utf-8' ? undefined : encoding,
      lineEnds,
      framing,
      checksum: sum,
      schema: schemaPath,
      favourite,
      note,
    };
    return { file };
  },
});

/** Returns the path of the meta file of a payload. */
export function metaPathOf(payloadPath: string): string {
  return `${payloadPath}.meta.yaml`;
}

/** Returns whether a payload needs a meta file: something of it differs from the defaults. */
export function needsMeta(meta: PayloadMeta): boolean {
  const { template, encoding, ...others } = meta;
  return template || encoding !== 'utf-8' || Object.values(others).some((value) => value !== undefined);
}
