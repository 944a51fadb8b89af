# Faulty on purpose: two sockets cannot listen on the same address and port.
import socket

first = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
first.bind(('127.0.0.1', 0))
first.listen(5)
second = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    second.bind(first.getsockname())
except OSError as error:
    print("Could not bind:", error)
second.close()
first.close()
