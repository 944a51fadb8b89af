"""Receives one JSON document and prints it, parsed. Arguments: HOST PORT [LINE]; LINE is sent first."""

import json
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.settimeout(60)
client_socket.connect((host, port))
if len(sys.argv) > 3:
    client_socket.sendall((sys.argv[3] + "\n").encode())

received = b""
document = None
while document is None:
    chunk = client_socket.recv(1024)
    received += chunk
    try:
        document = json.loads(received)
    except ValueError:
        # TCP is a stream: what came so far may be a part of the document.
        if not chunk:
            raise
print(json.dumps(document, sort_keys=True), flush=True)
client_socket.close()
