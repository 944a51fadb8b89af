"""Accepts one connection and answers the first N lines that it receives with "pong 1", "pong 2" and so on, the others not at all.
Prints its port, then the number of lines received until the peer sends FIN. Argument: N."""

import socket
import sys

answered = int(sys.argv[1])
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    connection, _ = server.accept()
    count = 0
    with connection, connection.makefile("rb") as reader:
        for _ in reader:
            count += 1
            if count <= answered:
                connection.sendall(f"pong {count}\n".encode())
    print(count, flush=True)
