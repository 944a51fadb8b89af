# Sends an order as XML. The library escapes the & in the text.
import socket
import xml.etree.ElementTree as ET

order = ET.Element("order")
ET.SubElement(order, "item").text = "Salt & pepper"

client_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client_socket.connect(('127.0.0.1', 12345))
client_socket.send(ET.tostring(order))
answer = ET.fromstring(client_socket.recv(1024))
print("Status:", answer.get("status"))
client_socket.close()
