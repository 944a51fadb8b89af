"""A server that reads the length in little endian. With "correct" it reads it in network byte order."""
import socket
import struct
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        order = "!I" if "correct" in sys.argv else "<I"
        (length,) = struct.unpack(order, connection.recv(4))
        while length > 0:
            part = connection.recv(length)
            if not part:
                break
            length -= len(part)


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(struct.pack("!I", 12) + b"twelve bytes")
    client.shutdown(socket.SHUT_WR)
    client.recv(1)
thread.join()
listener.close()
