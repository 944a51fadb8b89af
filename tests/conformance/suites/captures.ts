import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '#support/build-setup.ts';
import { flowDifference } from '../captures/flow-messages.ts';
import { ourFlows } from '../captures/our-flows.ts';
import { type CapturePackage, filesOf } from '../captures/packages.ts';
import { tsharkFlows } from '../captures/tshark-flows.ts';
import type { Case, Suite } from '../suite.ts';

/** Packages with captures that hold TCP. */
const packages: readonly CapturePackage[] = [
  { name: 'python3-dpkt', kind: 'binary', captures: ['http.pcap', 'nb6-http.pcap'] },
  { name: 'ruby-pcaprub', kind: 'binary', captures: ['telnet-raw.pcap.gz'] },
  { name: 'pcapfix', kind: 'binary', captures: ['examples/test.pcap'] },
  {
    name: 'golang-github-gopacket-gopacket-dev',
    kind: 'binary',
    captures: ['test_loopback.pcap', 'test_ethernet.pcap'],
  },
  {
    name: 'pathspider',
    kind: 'binary',
    captures: [
      ...['real.pcap', 'tcp_http.pcap', 'tcp_ecn.pcap', 'tcp_ipv4_rst.pcap', 'tcp_ipv6_simple.pcap'],
      ...['tfo_data_on_syn.pcap', 'mss_ipv6.pcap', 'dns_valid_response_tcp.pcap'],
    ],
  },
  {
    name: 'tcpdump',
    kind: 'source',
    captures: [
      ...['resp_3_malicious.pcap', 'of10_pf5240.pcap', 'mptcp-v1.pcap', 'pptp.pcap', 'lspping-fec-ldp.pcap'],
      ...['bgp-lu-multiple-labels.pcap', 'bgp-4byte-asn.pcap', 'smb_data_print-oobr.pcapng', 'dns_tcp.pcap'],
    ],
  },
];

/** A folder with more captures to compare, of one's own. */
const folderVariable = 'WIREBENCH_CONFORMANCE_CAPTURES';
const atOnce = 2;
const same = 'the packets, bytes and times of tshark';

/** Captures of the field, compared with what tshark finds in them. */
export const captures: Suite = {
  name: 'captures',
  proves: 'imported captures have the bytes and times that tshark finds',
  async cases() {
    if (spawnSync('tshark', ['--version']).error) return undefined;
    const found = await capturePaths();
    const cases: Case[] = [];
    const next = async (): Promise<void> => {
      for (let one = found.shift(); one; one = found.shift()) cases.push(await compared(...one));
    };
    await Promise.all(Array.from({ length: atOnce }, next));
    return cases;
  },
};

/** Names and paths. */
async function capturePaths(): Promise<[string, string][]> {
  const fixtures = join(root, 'tests/fixtures');
  const own = process.env[folderVariable];
  const found = [fixtures, ...(own ? [own] : [])].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(pcap|pcapng|cap)(\.gz)?$/.test(name))
      .map((name): [string, string] => [name, join(folder, name)]),
  );
  for (const wanted of packages) {
    const files = await filesOf(wanted);
    if (typeof files === 'string') console.log(`captures: ${files}`);
    else found.push(...files.map((path): [string, string] => [`${wanted.name}: ${basename(path)}`, path]));
  }
  return found;
}

async function compared(name: string, path: string): Promise<Case> {
  const right = await tsharkFlows(path);
  const actual = ourFlows(path);
  const differences: string[] = [];
  if (actual.packets !== right.packets) differences.push(`${actual.packets} packets, not ${right.packets}`);
  differences.push(flowDifference(right.flows, actual.flows));
  for (const [key, bytes] of right.followed) {
    const ours = Buffer.concat((actual.flows.get(key) ?? []).map((message) => message.bytes));
    if (Buffer.compare(ours, bytes) !== 0)
      differences.push(`${key}: ${ours.length} bytes, tshark follows ${bytes.length}`);
  }
  return { name, right: same, actual: differences.filter(Boolean).slice(0, 3).join('; ') || same };
}
