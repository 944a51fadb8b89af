"""`udp_port_zero.py PORT` sends one datagram whose source port is 0 (RFC 768 allows it) to 127.0.0.1. Needs a raw socket."""

import socket
import struct
import sys

raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
data = b"from port 0"
raw.sendto(struct.pack("!HHHH", 0, int(sys.argv[1]), 8 + len(data), 0) + data, ("127.0.0.1", 0))
print("sent", flush=True)
