"""A server that takes what one recv() returns for one message. With "correct" it answers each line."""
import socket
import sys
import threading
import time

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        time.sleep(0.2)
        while data := connection.recv(1024):
            for _ in range(data.count(b"\n") if "correct" in sys.argv else 1):
                connection.sendall(b"thank you\n")


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.settimeout(1)
    client.sendall(b"first\n")
    client.sendall(b"second\n")
    received = b""
    try:
        while received.count(b"\n") < 2:
            received += client.recv(1024)
    except socket.timeout:
        pass
thread.join()
listener.close()
