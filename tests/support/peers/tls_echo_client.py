"""Says hello over TLS without checking the server, prints the agreement and the answer: `tls_echo_client.py PORT`."""

import socket
import ssl
import sys

context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60) as raw:
    with context.wrap_socket(raw, server_hostname="localhost") as client:
        print(client.version(), flush=True)
        client.sendall(b"Hello over TLS")
        print(client.recv(1024).decode(), flush=True)
