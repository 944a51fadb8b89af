"""Accepts one connection, answers each line by `ok N`, with the number of the line, but not a line that begins with `no`. Closes after
the line `bye`. Prints each line as it was received."""

import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as reader:
        for number, line in enumerate(reader, start=1):
            print(repr(line), flush=True)
            if not line.startswith(b"no"):
                connection.sendall(b"ok %d\n" % number)
            if line == b"bye\n":
                break
