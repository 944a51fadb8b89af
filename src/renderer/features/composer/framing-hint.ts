import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { addedBy, encodeMessage } from '#shared/framing/list.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { type PayloadFormat, payloadBytes } from '#shared/payload/payload.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { LiveState } from '../../bridge/live-store.ts';
import type { Draft } from '../../state/drafts.ts';
import type { EndpointForm } from '../../state/form-fields.ts';
import { type FramingForm, framingFormOf, readFraming } from '../../state/framing-form.ts';
import { targetsOf } from './send-command.ts';
import { strings } from './strings.ts';

interface FramingHint {
  /** The framings of the target peers. */
  readonly specs: readonly FramingSpec[];
  /** Describes what the framing adds: `4-byte length prefix`. */
  readonly adds: string;
}

/**
 * Returns what the framing adds to a sent message; `undefined` if it adds nothing. `targets` are the distinct framings of
 * the target peers; if empty, the framing of `form` applies.
 */
export function framingHint(form: EndpointForm, targets: readonly FramingSpec[]): FramingHint | undefined {
  if (abilitiesOf(form.transport).messageOriented) return undefined;
  const forms: readonly FramingForm[] = targets.length === 0 ? [form] : targets.map(framingFormOf);
  const framed = forms.flatMap((framing) => {
    const read = readFraming(framing);
    const adds = read.ok ? addedBy(read.spec) : '';
    return read.ok && adds !== '' ? [{ spec: read.spec, adds }] : [];
  });
  const [first] = framed;
  if (!first) return undefined;
  return {
    specs: framed.map(({ spec }) => spec),
    adds: forms.length === 1 ? first.adds : strings.status.perPeer,
  };
}

/** Returns the distinct framings of the sockets to which a draft is sent, one per line; empty if there is no endpoint. */
export function targetFramings(
  live: Pick<LiveState, 'endpoints' | 'sockets'>,
  endpoint: string | undefined,
  draft: Pick<Draft, 'target'>,
): string {
  const view = endpoint === undefined ? undefined : live.endpoints.get(endpoint);
  if (!view) return '';
  const framings = new Set<string>();
  for (const id of targetsOf(live, view, draft)) framings.add(live.sockets.get(id)?.framing ?? '');
  if (framings.size === 0) framings.add(formatFraming(view.config.framing));
  return [...framings].join('\n');
}

/** Longer messages are checked when they are sent, not at each keystroke. */
const maxTyped = 65_536;

/** Returns why one of the framings cannot encode the payload `text`; empty if all can. */
export function unframeableText(specs: readonly FramingSpec[], format: PayloadFormat, text: string): string {
  if (text.length > maxTyped) return '';
  const body = payloadBytes(format, text);
  if (!body.ok) return '';
  for (const spec of specs) {
    const encoded = encodeMessage(spec, body.value);
    if (isUnframeable(encoded)) return encoded.problem;
  }
  return '';
}
