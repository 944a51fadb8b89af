import { generateCode } from '#shared/code/generate.ts';
import type { GeneratedCode, LanguageName, PayloadOrigin } from '#shared/code/program.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Role } from '#shared/endpoint/options/option.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { payloadBytes } from '#shared/payload/payload.ts';
import { problemText } from '#shared/payload/problem.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { type Draft, isPlain, writtenOf } from '../../state/drafts.ts';
import { isOpenState, openForm } from '../../state/endpoint-commands.ts';
import { readForm } from '../../state/endpoint-form.ts';
import type { EndpointForm } from '../../state/form-fields.ts';
import type { Services } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { strings } from './strings.ts';

const { failure: words } = strings;

/** A payload as a program sends it, before framing. */
interface ProgramPayload {
  readonly bytes: Uint8Array | undefined;
  readonly origin?: PayloadOrigin;
}

interface EndpointProgram {
  readonly tab: EndpointTab;
  /** The endpoint of the tab, if it was opened. */
  readonly view: EndpointView | undefined;
  readonly draft: Draft;
  /** What `makePayload` returns for the draft, if it needs that. */
  readonly made: Result<ProgramPayload> | undefined;
  readonly language: LanguageName;
  /** The side of the program: that of the tab, or its counterpart. */
  readonly side: Role;
}

/**
 * Returns the program for an endpoint's tab, or for the other side of it. A client sends the payload of the tab; `undefined` while that is
 * not made yet.
 */
export function endpointProgram({
  tab,
  view,
  draft,
  made,
  language,
  side,
}: EndpointProgram): GeneratedCode | undefined {
  const read = readForm(formOfSide(tab, view, side));
  if (!read.ok) return refuse(Object.values(read.errors)[0] ?? '', words.options);
  const { config } = read;
  if (side === 'server') return generateCode({ config, language, side });
  const payload = payloadProblem(draft, config) ?? (needsMaking(draft) ? made : plainPayload(draft));
  if (!payload?.ok) return payload;
  const { bytes, origin } = payload.value;
  return generateCode({ config, payload: bytes, origin, language, side });
}

function refuse(system: string, hint: string) {
  return fail('unsupported', words.message, { system, hint });
}

/** Returns the form of the tab as the form of a `side`. Files with keys are not passed on to the other side. */
function formOfSide(tab: EndpointTab, view: EndpointView | undefined, side: Role): EndpointForm {
  const form = view && isOpenState(view) ? openForm(view, tab) : tab.form;
  if (form.role === side) return form;
  const counterpart = { ...form, role: side, name: '', 'tls.certificate': '', 'tls.key': '', 'tls.ca': '' };
  if (side === 'server') return counterpart;
  const port = view && isOpenState(view) ? /:(\d+)$/.exec(view.address)?.[1] : undefined;
  return { ...counterpart, host: reachable(form.host), port: port ?? form.port };
}

/** Returns an address to connect to: a server on all addresses is reached on loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** Returns true for a payload whose bytes the main process makes: of a template, with a checksum, or in another encoding. */
export function needsMaking(draft: Draft): boolean {
  return !draft.file && !isPlain(draft);
}

/** Makes the bytes that Send would send, before framing: of a template once, with the environment of the window and no connection. */
export async function makePayload(
  { client, workspace }: Pick<Services, 'client' | 'workspace'>,
  draft: Draft,
): Promise<Result<ProgramPayload>> {
  const answer = await client.call('payloads.preview', { payload: writtenOf({ workspace }, draft) });
  if (!answer.ok) return answer;
  const { bytes, length, problem, usesSecret } = answer.value;
  if (problem) return refuse(`line ${problem.line}, column ${problem.column}: ${problem.message}`, words.hexHint);
  if (usesSecret) return refuse(words.secret, words.secretHint);
  if (length > bytes.length) return refuse(words.tooLong(length), words.tooLongHint);
  return ok({ bytes, origin: { template: draft.template, checksum: draft.checksum?.spec } });
}

/** Returns why no program sends the payload as Send would. */
function payloadProblem({ file, frame }: Draft, config: EndpointConfig): Result<never> | undefined {
  if (file) return refuse(words.file, words.fileHint);
  const isStream = !abilitiesOf(config.transport).messageOriented;
  if (!frame && isStream && config.framing.kind !== 'raw') return refuse(words.unframed, words.unframedHint);
  return undefined;
}

function plainPayload({ format, text }: Draft): Result<ProgramPayload> {
  const bytes = payloadBytes(format, text);
  if (!bytes.ok) return refuse(problemText(bytes.problem), words.hexHint);
  return ok({ bytes: bytes.value.length === 0 ? undefined : bytes.value });
}
