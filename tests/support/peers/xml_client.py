"""Receives one XML document in one or more reads and prints its root, the number of its elements and its text. Arguments: HOST PORT."""

import json
import socket
import sys
import xml.etree.ElementTree as ElementTree

client_socket = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60)
received = b""
root = None
while root is None:
    chunk = client_socket.recv(1024)
    received += chunk
    try:
        root = ElementTree.fromstring(received)
    except ElementTree.ParseError:
        # TCP is a stream: what came so far may be a part of the document.
        if not chunk:
            raise
text = " ".join("".join(root.itertext()).split())
print(json.dumps([root.tag, len(list(root.iter())), text]), flush=True)
client_socket.close()
