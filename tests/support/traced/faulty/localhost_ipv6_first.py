"""A client that tries ::1 before 127.0.0.1, as it does for localhost. With "correct" it uses 127.0.0.1."""
import socket
import sys

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
for host in ["127.0.0.1"] if "correct" in sys.argv else ["::1", "127.0.0.1"]:
    try:
        client = socket.create_connection((host, port))
    except OSError as error:
        print(error)
        continue
    connection, _ = listener.accept()
    connection.close()
    client.close()
listener.close()
