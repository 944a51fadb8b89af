/** A package that carries captures. */
export interface CapturePackage {
  readonly name: string;
  /** A package of Debian, the source of one, or a package of npm. */
  readonly kind: 'binary' | 'source' | 'npm';
  /** The captures that are compared in every run, by how their paths end; `--all` compares every capture of the package. */
  readonly captures: readonly string[];
}

/** The packages whose captures are compared. Those without a chosen capture take long to download: only `--all` reads them. */
export const packages: readonly CapturePackage[] = [
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
  { name: 'golang-github-google-gopacket-dev', kind: 'binary', captures: [] },
  { name: 'sip-tester', kind: 'binary', captures: [] },
  { name: 'python3-libtrace', kind: 'binary', captures: [] },
  { name: 'pktanon', kind: 'binary', captures: [] },
  { name: 'librust-netlink-packet-route-dev', kind: 'binary', captures: [] },
  { name: 'libbitstring-ocaml-dev', kind: 'binary', captures: [] },
  { name: 'afl++-doc', kind: 'binary', captures: [] },
  { name: 'tcpflow', kind: 'source', captures: [] },
  { name: 'libpcap', kind: 'source', captures: [] },
  { name: 'python-dpkt', kind: 'source', captures: [] },
  { name: 'wireshark', kind: 'source', captures: [] },
  { name: 'ndpi', kind: 'source', captures: [] },
  { name: 'ngrep', kind: 'source', captures: [] },
  { name: 'dsniff', kind: 'source', captures: [] },
  { name: 'scapy', kind: 'source', captures: [] },
  { name: 'tcpreplay', kind: 'source', captures: [] },
  { name: 'suricata', kind: 'source', captures: [] },
  { name: 'zeek', kind: 'source', captures: [] },
  { name: 'ntopng', kind: 'source', captures: [] },
  { name: 'pcap-parser', kind: 'npm', captures: [] },
  { name: 'pcap', kind: 'npm', captures: [] },
  { name: 'cap', kind: 'npm', captures: [] },
];
