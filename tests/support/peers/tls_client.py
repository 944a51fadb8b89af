"""A TLS client with python's ssl. Arguments: PORT CA MODE.

unwrap: sends a line, prints the answer, says goodbye (close_notify), waits for the server's, and prints that it came.
read: sends a line, then prints all that comes until the server says goodbye, then sends one more line.
"""

import socket
import ssl
import sys

port, ca, mode = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.create_default_context(cafile=ca)

raw = socket.create_connection(("127.0.0.1", port), timeout=60)
client = context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)
print(client.version(), flush=True)
client.sendall(b"hello\n")
if mode == "unwrap":
    print(client.recv(4096).decode(), flush=True)
    client.unwrap().close()
    print("unwrapped", flush=True)
else:
    received = b""
    while chunk := client.recv(4096):
        received += chunk
    print(received.decode(), flush=True)
    client.sendall(b"after your end\n")
    client.unwrap().close()
