# Sends a dictionary as JSON.
import json
import socket

user = {"name": "Ada", "age": 36, "student": True}

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('127.0.0.1', 12345))
client_socket.send(json.dumps(user).encode())
answer = json.loads(client_socket.recv(1024).decode())
print("Status:", answer["status"])
client_socket.close()
