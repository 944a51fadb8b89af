"""A TLS server with python's ssl that hangs up on who does not speak it. Arguments: CERTIFICATE KEY. Prints its port."""

import socket
import ssl
import sys

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    server.bind(("127.0.0.1", 0))
    server.listen(5)
    print(server.getsockname()[1], flush=True)
    while True:
        client, _ = server.accept()
        client.settimeout(5)
        try:
            context.wrap_socket(client, server_side=True).close()
        except OSError:
            client.close()
