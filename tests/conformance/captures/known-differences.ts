/** Why Wirebench finds something else than tshark, in a sentence each. */
const reasons = {
  custom: 'tshark counts the custom blocks of pcapng as packets.',
  version:
    'The file names a version of its format that does not exist: tshark reads nothing of it, Wirebench reads its packets.',
  fraction:
    'The microseconds of some packets exceed a second: tshark writes them behind the decimal point as they are, Wirebench adds them.',
  linkType:
    'tshark 4.0 does not know the link type and reads nothing; Wirebench counts the packets and says that it does not understand them.',
  juniper: 'Wirebench does not understand the headers of Juniper (link type 178), and says so.',
  early:
    'The capture begins inside a connection with packets out of order: what belongs before the first one is not imported, and the notice counts it.',
  random:
    'The packets stand in random order, the end of the connection first: what follows it is not imported, and the notice counts it.',
  probe: 'The first byte of a stream is a keep-alive probe, which tshark takes for data.',
  wireguard: 'tshark decrypts WireGuard with the keys in the file; Wirebench does not.',
  withheld: 'tshark’s follow leaves out bytes that the receiver never acknowledged.',
  checksum: 'tshark takes the last four bytes of a FabricPath frame for its checksum.',
  damaged: 'Bits of headers were changed: sequence numbers leap, and tshark drops other segments than Wirebench.',
  cut: 'The only packet is truncated: tshark shows what is there of it, Wirebench says that the capture ends early.',
  resetCause: 'tshark shows the bytes of a segment with RST as the cause of the reset, not as payload.',
} as const;

/** Captures that differ, by reason. */
const captures: Readonly<Record<keyof typeof reasons, readonly string[]>> = {
  custom: [
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/be/test017.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/be/test018.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/be/test102.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/be/test202.pcapng',
    'pcapng-test-generator/output_be/advanced/test102.pcapng',
    'pcapng-test-generator/output_be/basic/test017.pcapng',
    'pcapng-test-generator/output_be/basic/test018.pcapng',
    'pcapng-test-generator/output_be/difficult/test202.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/le/test017.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/le/test018.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/le/test102.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/le/test202.pcapng',
    'pcapng-test-generator/output_le/advanced/test102.pcapng',
    'pcapng-test-generator/output_le/basic/test017.pcapng',
    'pcapng-test-generator/output_le/basic/test018.pcapng',
    'pcapng-test-generator/output_le/difficult/test202.pcapng',
  ],
  version: [
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/be/test901.pcapng',
    'golang-github-gopacket-gopacket-dev: usr/share/gocode/src/github.com/gopacket/gopacket/pcapgo/tests/le/test901.pcapng',
    'libpcap: tests/pcap-invalid-version-1.pcap',
    'libpcap: tests/pcapng-invalid-vers-1.pcapng',
    'libpcap: tests/pcapng-invalid-vers-2.pcapng',
  ],
  fraction: [
    'tcpdump: tests/babel_update_oobr.pcap',
    'tcpdump: tests/bgp_mvpn_6_and_7_oobr.pcap',
    'tcpdump: tests/bgp_mp_reach_nlri-oobr.pcap',
    'tcpdump: tests/hoobr_nfs_printfh.pcap',
  ],
  linkType: [
    'tcpdump: tests/brcm-tag-prepend.pcap',
    'tcpdump: tests/brcm-tag.pcap',
    'tcpdump: tests/dsa-high-vid.pcap',
    'tcpdump: tests/dsa.pcap',
    'tcpdump: tests/edsa-high-vid.pcap',
    'tcpdump: tests/edsa.pcap',
    'tcpdump: tests/frf16_magic_ie-oobr.pcap',
    'tcpdump: tests/hoobr_juniper3.pcap',
    'tcpdump: tests/juniper_es_oobr.pcap',
    'tcpdump: tests/kday6.pcap',
    'tcpdump: tests/vtp_asan.pcap',
    'tcpdump: tests/vtp_asan-2.pcap',
    'tcpdump: tests/vtp_asan-3.pcap',
  ],
  juniper: ['tcpdump: tests/bgp-aigp.pcap'],
  early: [
    'tcpflow: tests/test1-out-of-order.pcap',
    'tcpflow: tests/test1-part2.pcap',
    'tcpflow: tests/test5-lines-randomized2.pcap',
    'ndpi: tests/pcap/reasm_segv_anon.pcapng',
    'ndpi: tests/pcap/zoom2.pcap',
  ],
  random: ['tcpflow: tests/test5-lines-randomized.pcap'],
  probe: [
    'wireshark: test/captures/grpc_web.pcapng.gz',
    'ndpi: tests/pcap/1kxun.pcap',
    'ndpi: tests/pcap/netbios.pcap',
    'ndpi: tests/pcap/starcraft_battle.pcap',
  ],
  wireguard: ['wireshark: test/captures/wireguard-ping-tcp-dsb.pcapng'],
  withheld: [
    'ndpi: tests/pcap/bittorrent.pcap',
    'ndpi: tests/pcap/ethereum.pcap',
    'ndpi: tests/pcap/netflix.pcap',
    'ndpi: tests/pcap/pps.pcap',
    'ndpi: tests/pcap/quickplay.pcap',
    'ndpi: tests/pcap/skype.pcap',
    'ndpi: tests/pcap/skype_no_unknown.pcap',
    'ndpi: tests/pcap/wechat.pcap',
  ],
  checksum: ['ndpi: tests/pcap/ajp.pcap'],
  damaged: [
    'ndpi: tests/pcap/fuzz-2006-06-26-2594.pcap',
    'ndpi: tests/pcap/fuzz-2006-09-29-28586.pcap',
    'ndpi: tests/pcap/reasm_crash_anon.pcapng',
  ],
  cut: ['ndpi: tests/pcap/fuzz-2021-10-13.pcap'],
  resetCause: ['ndpi: tests/pcap/ip_fragmented_garbage.pcap'],
};

/** Captures in which Wirebench finds something else than tshark, each with the reason. */
export const knownDifferences: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(captures).flatMap(([reason, names]) =>
    names.map((name) => [name, reasons[reason as keyof typeof reasons]]),
  ),
);
