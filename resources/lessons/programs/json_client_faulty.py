# Faulty: str() writes a dictionary as Python, which is not JSON.
import socket

user = {"name": "Ada", "age": 36, "student": True}

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('127.0.0.1', 12345))
client_socket.send(str(user).encode())
print(client_socket.recv(1024).decode())
client_socket.close()
