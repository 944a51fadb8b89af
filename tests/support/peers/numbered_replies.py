"""Accepts one connection. Prints its port, then each line that it receives, and replies {"reply": N} to the Nth."""

import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as reader:
        for number, line in enumerate(reader, 1):
            print(line.decode().rstrip("\n"), flush=True)
            connection.sendall(b'{"reply": %d}\n' % number)
