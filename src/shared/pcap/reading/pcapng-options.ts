import { decodeUtf8Lossy } from '../../bytes/text.ts';

/** Codes of options, by block. */
const commentOption = 1;
const interfaceName = 2;
const interfaceResolution = 9;
const interfaceOffset = 14;
const statisticsDropped = 5;
const sectionHardware = 2;
const sectionApplication = 4;

interface Option {
  readonly code: number;
  readonly value: DataView;
}

export const noComments: readonly string[] = [];

/** Returns the comments of a packet whose options begin at byte `at` of `body`. */
export function readComments(body: DataView, at: number, little: boolean): readonly string[] {
  if (at >= body.byteLength) return noComments;
  const comments: string[] = [];
  for (const { code, value } of options(body, at, little)) {
    if (code === commentOption) comments.push(textOf(value));
  }
  return comments;
}

/** Parses an interface description; returns `undefined` if it is damaged. */
export function readInterface(body: DataView, little: boolean): CaptureInterface | undefined {
  if (body.byteLength < 8) return undefined;
  let resolution = defaultResolution;
  let offsetSeconds = 0;
  let name = '';
  for (const { code, value } of options(body, 8, little)) {
    if (code === interfaceName) name = textOf(value);
    if (code === interfaceResolution && value.byteLength >= 1) resolution = value.getUint8(0);
    if (code === interfaceOffset && value.byteLength === 8) offsetSeconds = Number(value.getBigInt64(0, little));
  }
  const clock = clockOf(resolution, offsetSeconds);
  return { linkType: body.getUint16(0, little), name, snapLength: body.getUint32(4, little), clock, dropped: 0 };
}

/** Returns the program and the hardware of a section header; empty without them. */
export function readWriter(body: DataView, little: boolean): string {
  const names: string[] = [];
  for (const { code, value } of options(body, 16, little)) {
    if (code === sectionHardware || code === sectionApplication) names.push(textOf(value));
  }
  return names.join('\n');
}

/** Returns the number of packets that an interface dropped, by its statistics; `undefined` without one. */
export function readDropped(body: DataView, little: boolean): number | undefined {
  for (const { code, value } of options(body, 12, little)) {
    if (code !== statisticsDropped || value.byteLength !== 8) continue;
    const dropped = Number(value.getBigUint64(0, little));
    return Number.isSafeInteger(dropped) ? dropped : undefined;
  }
  return undefined;
}

/** Returns the whole options from byte `at` of `body` on. */
function* options(body: DataView, at: number, little: boolean): Generator<Option> {
  while (at + 4 <= body.byteLength) {
    const code = body.getUint16(at, little);
    const length = body.getUint16(at + 2, little);
    if (code === 0 || at + 4 + length > body.byteLength) return;
    yield { code, value: new DataView(body.buffer, body.byteOffset + at + 4, length) };
    at += 4 + Math.ceil(length / 4) * 4;
  }
}

function textOf(value: DataView): string {
  // Some programs end their texts with a zero byte.
  return decodeUtf8Lossy(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).replace(/\0+$/, '');
}

/** The clock of an interface. */
interface Clock {
  readonly ticksPerSecond: number;
  /** Added to every time, in seconds. */
  readonly offsetSeconds: number;
}

/** Microseconds, the default. */
const defaultResolution = 6;
/** The latest time that a session can record. */
const latest = 8e15;

/** Returns the clock of `if_tsresol`: with the highest bit a negative power of 2, else of 10. */
function clockOf(resolution: number, offsetSeconds: number): Clock {
  const ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
  return { ticksPerSecond, offsetSeconds };
}

/** Converts a time in two halves to milliseconds since the epoch, to less than a microsecond and within the range of dates. */
export function millisecondsOf({ ticksPerSecond, offsetSeconds }: Clock, high: number, low: number): number {
  const at = offsetSeconds * 1_000 + elapsed(ticksPerSecond, high, low);
  return Math.min(Math.max(at, 0), latest);
}

function elapsed(ticksPerSecond: number, high: number, low: number): number {
  const ticks = high * 0x1_0000_0000 + low;
  // Above the integers that a double represents exactly, whole seconds are split off first.
  if (Number.isSafeInteger(ticks) || ticksPerSecond > Number.MAX_SAFE_INTEGER) return (ticks / ticksPerSecond) * 1_000;
  const exact = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(ticksPerSecond);
  return Number(exact / perSecond) * 1_000 + (Number(exact % perSecond) / ticksPerSecond) * 1_000;
}

export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string;
  /** 0 for no limit. */
  readonly snapLength: number;
  readonly clock: Clock;
  /** The number of dropped packets in its last statistics. */
  dropped: number;
}
