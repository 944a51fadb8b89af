# Faulty on purpose: no server listens while you run it.
import socket

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    client_socket.connect(('127.0.0.1', 12345))
except ConnectionRefusedError as error:
    print("Could not connect:", error)
client_socket.close()
