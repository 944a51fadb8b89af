import { useMemo } from 'react';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { addedBy, encodeMessage, formatFraming, frameAround, parseFraming } from '#shared/framing/spec.ts';
import { payloadBytes, payloadLength } from '#shared/payload/payload.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { LiveState } from '../../bridge/live-store.ts';
import type { Draft } from '../../state/drafts.ts';
import type { EndpointForm } from '../../state/form-fields.ts';
import { type FramingForm, framingFormOf, readFraming } from '../../state/framing-form.ts';
import { useLive } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import type { ByteCheck } from './check-bytes.ts';
import { targetsOf } from './send-command.ts';
import { strings } from './strings.ts';

interface FramingHint {
  /** The framing of the payload, or those of the target peers. */
  readonly specs: readonly FramingSpec[];
  /** Describes what the framing adds: `4-byte length prefix`. */
  readonly adds: string;
}

/**
 * Returns what the framing adds to a sent message; `undefined` if it adds nothing. `targets` are the framing of the payload, or else the
 * distinct framings of the target peers; if empty, the framing of `form` applies.
 */
function framingHint(form: EndpointForm, targets: readonly FramingSpec[]): FramingHint | undefined {
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
function targetFramings(
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

/** Longer messages are checked when they are sent, not at each keystroke. Bytes. */
const maxTyped = 65_536;

interface Framed {
  /** Why one of the framings cannot contain the payload; empty if all can. */
  readonly problem: string;
  /** The length of the message with the first framing. */
  readonly length: number;
}

/** Returns what the framings of the target peers add to a payload of `length` bytes; `body` is its bytes, where they are known. */
function framedBy(specs: readonly FramingSpec[], length: number, body: Uint8Array | undefined): Framed {
  const [first] = specs;
  if (!first) return { problem: '', length };
  if (!body || body.length > maxTyped) {
    const frame = frameAround(first, length);
    return { problem: '', length: isUnframeable(frame) ? length : frame.head.length + length + frame.tail.length };
  }
  let framed: number | undefined;
  for (const spec of specs) {
    const encoded = encodeMessage(spec, body);
    if (isUnframeable(encoded)) return { problem: encoded.problem, length };
    framed ??= encoded.bytes.length;
  }
  return { problem: '', length: framed ?? length };
}

/** What a draft is sent as, in numbers. */
interface MessageSize {
  /** What the framings of its targets add; `undefined` if they add nothing. */
  readonly hint: FramingHint | undefined;
  /** `undefined` for a file, and for a payload whose bytes cannot be made or are not made yet. */
  readonly framed: Framed | undefined;
  /** The framing that is added, or the first of several; empty for none. */
  readonly framing: string;
}

/** Returns the size of the message that a draft is sent as. `written` is its bytes, if they are not those of its text. */
export function useMessageSize(tab: EndpointTab, draft: Draft, written: ByteCheck | undefined): MessageSize {
  const framings = useLive((live) => targetFramings(live, tab.endpoint, draft));
  const { format, text, file, frame, framing: own } = draft;
  const hint = useMemo(() => {
    // A file is sent with the framings of its targets: the framing is that of the payload.
    const specs = (file ? framings : (own ?? framings)).split('\n').flatMap((one) => parseFraming(one) ?? []);
    return framingHint(tab.form, specs);
  }, [tab.form, framings, own, file]);
  const framed = useMemo(() => {
    const specs = hint && frame ? hint.specs : [];
    if (file) return undefined;
    if (written) return written.length === undefined ? undefined : framedBy(specs, written.length, written.bytes);
    const length = payloadLength(format, text);
    const body = specs.length > 0 && text.length <= maxTyped ? payloadBytes(format, text) : undefined;
    return length === undefined ? undefined : framedBy(specs, length, body?.ok ? body.value : undefined);
  }, [hint, frame, format, text, file, written]);
  const [first] = frame && hint ? hint.specs : [];
  return { hint, framed, framing: first ? formatFraming(first) : '' };
}
