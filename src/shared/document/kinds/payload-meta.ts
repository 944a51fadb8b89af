import { z } from 'zod';
import { checksumUsage, parseChecksumSpec } from '../../bytes/checksums/spec.ts';
import { formatFraming, parseFraming } from '../../framing/spec.ts';
import { choiceField, flagField, group, noteField, pathField, textField, wholeField } from '../file-fields.ts';
import { yamlKind } from '../yaml-kind.ts';
import { payloadEncodings, payloadEndings } from './payload.ts';

/** Another spelling of `iso-8859-1` in files. */
const latin1 = 'latin-1';
const lineEnds = ['lf', 'crlf', 'cr'] as const;

const checksumHelp = `Checksum to append when sending: ${checksumUsage}, such as crc-16/modbus:le.`;
const spelling = textField(80, checksumHelp).superRefine((text, context) => {
  const parsed = parseChecksumSpec(text);
  if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.error.system });
});
const offset = (description: string) => wholeField(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, description);

const framing = textField(
  200,
  'Framing of this payload, as on the command line (docs/framing.md). raw: add nothing. Default: the endpoint’s.',
).refine((text) => parseFraming(text) !== undefined, 'is not a framing, such as line:crlf or len:4be');

const schema = group(
  {
    template: flagField('true: {{ … }} is replaced when the payload is sent. Default: false.').optional(),
    encoding: choiceField(
      [...payloadEncodings, latin1],
      'Encoding of the payload, for editing and sending. Default: utf-8.',
    ).optional(),
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
        { error: 'must be the name of a checksum, such as crc-16/modbus:le, or a group of algorithm, from and to' },
      )
      .meta({ description: checksumHelp })
      .optional(),
    schema: pathField('JSON Schema of the payload: a file of the workspace.').optional(),
    favourite: wholeField(1, 9, 'Number of the key that sends this payload, with Alt.').optional(),
    note: noteField.optional(),
  },
  'What the bytes of a payload do not say: how it is edited and sent.',
);

/** A checksum to append, as it is spelled (`parseChecksumSpec`). Positions in bytes, negative from the end; they replace those of `spec`. */
interface ChecksumChoice {
  readonly spec: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What is known of a payload beside its bytes. What is left out has its default. */
export interface PayloadMeta {
  readonly template: boolean;
  readonly encoding: (typeof payloadEncodings)[number];
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

function readChecksum(checksum: z.infer<typeof schema>['checksum']): ChecksumChoice | undefined {
  if (checksum === undefined) return undefined;
  if (typeof checksum === 'string') return { spec: checksum };
  const { algorithm: spec, from, to } = checksum;
  return { spec, from, to };
}

/** `payloads/**.meta.yaml`, next to the payload of the same name. */
export const payloadMetaKind = yamlKind({
  kind: 'payload-meta',
  label: 'payload’s meta file',
  folder: 'payloads',
  endings: Object.keys(payloadEndings).map((ending) => `${ending}.meta.yaml`),
  schema,
  read({ template = false, encoding: named = 'utf-8', framing: spelled, checksum, ...rest }) {
    const encoding = named === latin1 ? 'iso-8859-1' : named;
    const spec = spelled === undefined ? undefined : parseFraming(spelled);
    const framing = spec && formatFraming(spec);
    const value: PayloadMeta = { ...rest, template, encoding, framing, checksum: readChecksum(checksum) };
    return { ok: true, value };
  },
  write({ template, encoding, lineEnds, framing, checksum, schema: schemaPath, favourite, note }: PayloadMeta) {
    const { spec: algorithm, from, to } = checksum ?? {};
    const sum = from === undefined && to === undefined ? algorithm : { algorithm, from, to };
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

/** Returns whether a payload needs a meta file: something of it differs from the defaults. */
export function needsMeta(meta: PayloadMeta): boolean {
  const { template, encoding, ...others } = meta;
  return template || encoding !== 'utf-8' || Object.values(others).some((value) => value !== undefined);
}
