import { type Encapsulation, holdsNeither, inner, notUnderstood, tooShort, uint16 } from './layer.ts';
import { byVersion } from './system-headers.ts';

const vxlanHeader = 8;
/** The only flag of RFC 7348: the network's number is valid. */
const vxlanFlags = 0x08;

/** VXLAN: RFC 7348; Linux uses port 8472. Any other bytes are an ordinary datagram. */
export const vxlan: Encapsulation = {
  name: 'VXLAN',
  numbers: { udpPort: [4789, 8472] },
  open(bytes, length) {
    if (bytes.length < vxlanHeader + 14 || bytes[0] !== vxlanFlags || bytes[7] !== 0) return undefined;
    return inner('link', 1, bytes, length, vxlanHeader);
  },
};

const geneveHeader = 8;

/** GENEVE: RFC 8926. Any other bytes are an ordinary datagram. */
export const geneve: Encapsulation = {
  name: 'GENEVE',
  numbers: { udpPort: [6081] },
  open(bytes, length) {
    const [first = 0xff] = bytes;
    const type = uint16(bytes, 2);
    if (bytes.length < geneveHeader || first >> 6 !== 0 || bytes[7] !== 0 || type === undefined) return undefined;
    const options = (first & 0x3f) * 4;
    if (type < 0x0600 || geneveHeader + options > length) return undefined;
    return inner('etherType', type, bytes, length, geneveHeader + options);
  },
};

const l2tpVersion = 2;
const controlBit = 0x8000;
const lengthBit = 0x4000;
const l2tpSequenceBit = 0x0800;
const offsetBit = 0x0200;

/** L2TP: RFC 2661. Its control messages and any other bytes are ordinary datagrams. */
export const l2tp: Encapsulation = {
  name: 'L2TP',
  numbers: { udpPort: [1701] },
  open(bytes, length) {
    const flags = uint16(bytes, 0);
    if (flags === undefined || (flags & 15) !== l2tpVersion || (flags & controlBit) !== 0) return undefined;
    let at = 2 + ((flags & lengthBit) === 0 ? 0 : 2) + 4 + ((flags & l2tpSequenceBit) === 0 ? 0 : 4);
    if ((flags & offsetBit) !== 0) at += 2 + (uint16(bytes, at) ?? 0);
    return at > bytes.length ? undefined : inner('link', 9, bytes, length, at);
  },
};

const gtpHeader = 8;
/** Version 1, protocol type GTP; and the bits that make the header longer. */
const gtpVersion = 0x30;
const gtpOptional = 0x07;
const gtpExtension = 0x04;
/** The type of messages that carry a user's packet. */
const gtpPacket = 0xff;
const maxGtpExtensions = 16;

/** GTP-U of mobile networks: 3GPP TS 29.281, section 5. Its other messages are ordinary datagrams. */
export const gtp: Encapsulation = {
  name: 'GTP-U',
  numbers: { udpPort: [2152] },
  open(bytes, length) {
    const [flags = 0, type] = bytes;
    if ((flags & 0xf0) !== gtpVersion || type !== gtpPacket) return undefined;
    let at = gtpHeader;
    if ((flags & gtpOptional) !== 0) {
      at += 4;
      // Each extension ends with the type of the next one; 0 is the end.
      let next = (flags & gtpExtension) === 0 ? 0 : bytes[at - 1];
      for (let count = 0; next !== 0; count += 1) {
        const size = (bytes[at] ?? 0) * 4;
        if (size === 0 || count === maxGtpExtensions || at + size > bytes.length) return undefined;
        at += size;
        next = bytes[at - 1];
      }
    }
    return inner('link', 101, bytes, length, at);
  },
};

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

const entryBytes = 4;
const maxLabels = 32;
/** The EtherTypes of frames in a pseudowire: with any other one, the bytes are not interpreted as a frame. */
const likelyTypes: ReadonlySet<number> = new Set([0x0800, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x8864]);

/**
 * MPLS label stacks (RFC 3032), also inside IP (RFC 4023). They do not identify their content: IP by its version, or an Ethernet
 * pseudowire with or without a control word (RFC 4448).
 */
export const mpls: Encapsulation = {
  name: 'MPLS',
  numbers: { etherType: [0x8847, 0x8848], ppp: [0x281, 0x283], ipProtocol: [137] },
  open(bytes, length) {
    let at = 0;
    for (let labels = 0, isLast = false; !isLast; labels += 1) {
      const low = bytes[at + 2];
      if (low === undefined || at + entryBytes > bytes.length) return tooShort;
      if (labels === maxLabels) return notUnderstood(`MPLS packets with more than ${maxLabels} labels`);
      isLast = (low & 1) === 1;
      at += entryBytes;
    }
    const rest = bytes.subarray(at);
    const restLength = Math.max(0, length - at);
    const packet = byVersion(rest, restLength);
    if (packet) return packet;
    for (const control of [4, 0]) {
      if (control > 0 && (rest[0] as number) >> 4 !== 0) continue;
      if (likelyTypes.has(uint16(rest, control + 12) ?? 0)) return inner('link', 1, rest, restLength, control);
    }
    return notUnderstood('MPLS packets without IP or Ethernet');
  },
};
