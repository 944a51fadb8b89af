"""A server that waits for a line's end, and a client that sends none. With "correct" it does."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        request = b""
        while not request.endswith(b"\n"):
            part = connection.recv(100)
            if not part:
                return
            request += part
        connection.sendall(b"thank you\n")


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.settimeout(1)
    client.sendall(b"a request\n" if "correct" in sys.argv else b"a request")
    try:
        client.recv(100)
    except socket.timeout:
        pass
thread.join()
listener.close()
