"""A TLS server with python's ssl. Arguments: CERTIFICATE KEY.

Answers one client: reads until the client ends its side, then sends how much came, and says goodbye (close_notify).
Prints its port, then what it read, then whether the client's goodbye was in order.
"""

import socket
import ssl
import sys

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.settimeout(60)
server.bind(("127.0.0.1", 0))
server.listen(1)
print(server.getsockname()[1], flush=True)

raw, _ = server.accept()
raw.settimeout(60)
client = context.wrap_socket(raw, server_side=True, suppress_ragged_eofs=False)
received = b""
end = "close_notify"
try:
    while chunk := client.recv(65536):
        received += chunk
except ssl.SSLEOFError:
    end = "no close_notify"
print(received.decode(), flush=True)
print(end, flush=True)
client.sendall(f"got {len(received)}".encode())
client.unwrap().close()
