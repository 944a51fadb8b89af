import { type Encapsulation, inner, notUnderstood, tooShort, uint16 } from './layer.ts';
import { byVersion } from './raw-ip.ts';

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
