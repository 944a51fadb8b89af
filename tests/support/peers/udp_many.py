"""Many peers: `udp_many.py PORT COUNT` sends one numbered datagram from each of COUNT sockets, prints each answer, sorted."""

import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
peers = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
answers = []
for number, peer in enumerate(peers):
    peer.settimeout(60)
    peer.connect(("127.0.0.1", port))
    peer.send(b"peer %d" % number)
    # One after the other: no receive buffer is asked to hold them all.
    answers.append(peer.recv(65535).decode())
print("\n".join(answers))
