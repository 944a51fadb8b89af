import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/list.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../../client/form-fields.ts';
import { type FramingForm, framingFormOf, readFraming } from '../../client/framing-form.ts';
import { wordsOf } from '../../client/framing-words.ts';

export interface FramingHint {
  readonly spec: FramingSpec;
  /** What is added, in words: `4-byte length in front`. */
  readonly adds: string;
}

/** What sending adds to a message of an endpoint; `undefined` where it adds nothing. `live`: the framing it has now. */
export function framingHint(form: EndpointForm, live: FramingSpec | undefined): FramingHint | undefined {
  if (abilitiesOf(form.transport).messages) return undefined;
  const framing: FramingForm = live ? framingFormOf(live) : form;
  const adds = addsText(framing);
  const read = readFraming(framing);
  return adds === '' || !read.ok ? undefined : { spec: read.spec, adds };
}

function addsText(form: FramingForm): string {
  switch (form.framing) {
    case 'length': {
      const size = form['framing.lengthSize'];
      return `${size === 'varint' ? 'varint' : `${size}-byte`} length in front`;
    }
    case 'fixed':
      return `padding up to ${form['framing.size']} bytes`;
    case 'delimiter':
      return `${form['framing.delimiter']} at the end`;
    default:
      return wordsOf(form.framing).adds;
  }
}

/** Longer messages are checked when they are sent, not at each key. */
const maxTyped = 65_536;

/** Why the framing cannot carry `body`; empty where it can. */
export function unframeableText(spec: FramingSpec, body: Uint8Array): string {
  if (body.length > maxTyped) return '';
  const encoded = encodeMessage(spec, body);
  return isUnframeable(encoded) ? encoded.problem : '';
}
