import { decodeUtf8Lossy } from '../../bytes/text.ts';
import type { CaptureInterface } from './capture-interface.ts';
import { clockOf, defaultResolution } from './pcapng-time.ts';

/** Codes of options, by the block they belong to. */
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

/** The comments of a packet whose options begin at byte `at` of `body`. */
export function readComments(body: DataView, at: number, little: boolean): readonly string[] {
  if (at >= body.byteLength) return noComments;
  const comments: string[] = [];
  for (const { code, value } of options(body, at, little)) {
    if (code === commentOption) comments.push(textOf(value));
  }
  return comments;
}

/** An interface description; `undefined` where it is none. */
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

/** The program and the hardware that a section header names; empty where it names none. */
export function readWriter(body: DataView, little: boolean): string {
  const names: string[] = [];
  for (const { code, value } of options(body, 16, little)) {
    if (code === sectionHardware || code === sectionApplication) names.push(textOf(value));
  }
  return names.join('\n');
}

/** The packets that an interface dropped, in its statistics; `undefined` where they do not say. */
export function readDropped(body: DataView, little: boolean): number | undefined {
  for (const { code, value } of options(body, 12, little)) {
    if (code !== statisticsDropped || value.byteLength !== 8) continue;
    const dropped = Number(value.getBigUint64(0, little));
    return Number.isSafeInteger(dropped) ? dropped : undefined;
  }
  return undefined;
}

/** The options from byte `at` of `body` on, as far as they are whole. */
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
  // Some writers end their texts with a zero byte.
  return decodeUtf8Lossy(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).replace(/\0+$/, '');
}
