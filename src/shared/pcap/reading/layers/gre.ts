import { type Encapsulation, holdsNeither, inner, notUnderstood, tooShort, uint16 } from './layer.ts';

const checksumBit = 0x8000;
const routingBit = 0x4000;
const keyBit = 0x2000;
const sequenceBit = 0x1000;
const acknowledgmentBit = 0x0080;
const erspan2 = 0x88be;
const erspan3 = 0x22eb;

/** GRE: RFC 2784 with the key and sequence of RFC 2890, and the version 1 of PPTP (RFC 2637). */
export const gre: Encapsulation = {
  name: 'GRE',
  numbers: { ipProtocol: [47] },
  open(bytes, length) {
    const flags = uint16(bytes, 0);
    const type = uint16(bytes, 2);
    if (flags === undefined || type === undefined) return tooShort;
    const version = flags & 7;
    if (version > 1) return notUnderstood(`GRE packets of version ${version}`);
    if ((flags & routingBit) !== 0) return notUnderstood('GRE packets with source routes');
    const has = (bit: number) => ((flags & bit) === 0 ? 0 : 4);
    let at = 4 + has(checksumBit) + has(keyBit) + has(sequenceBit);
    if (version === 1) at += has(acknowledgmentBit);
    if (at >= length || type === 0) return holdsNeither('GRE packets without contents');
    // Mirrored frames have an additional header, except in the first version, which has no sequence number.
    if (type === erspan2) return inner('link', 1, bytes, length, at + (has(sequenceBit) === 0 ? 0 : 8));
    if (type === erspan3) return inner('link', 1, bytes, length, at + erspan3Header(bytes, at));
    return inner('etherType', type, bytes, length, at);
  },
};

/** 12 bytes, or 20 if its last bit is set. */
function erspan3Header(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 11] ?? 0) & 1) === 1 ? 20 : 12;
}
