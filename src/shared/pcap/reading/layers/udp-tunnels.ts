import { type Encapsulation, inner, uint16 } from './layer.ts';

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
const sequenceBit = 0x0800;
const offsetBit = 0x0200;

/** L2TP: RFC 2661. Its control messages and any other bytes are ordinary datagrams. */
export const l2tp: Encapsulation = {
  name: 'L2TP',
  numbers: { udpPort: [1701] },
  open(bytes, length) {
    const flags = uint16(bytes, 0);
    if (flags === undefined || (flags & 15) !== l2tpVersion || (flags & controlBit) !== 0) return undefined;
    let at = 2 + ((flags & lengthBit) === 0 ? 0 : 2) + 4 + ((flags & sequenceBit) === 0 ? 0 : 4);
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
