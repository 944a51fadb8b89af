"""Answers what Python's codecs and checksums give, as JSON on standard output.

codecs.py map CODEC       the characters of standard input, a JSON array of their codes, that CODEC encodes, and every one or two
                          bytes that it decodes to one character
codecs.py encode          per line of standard input [codec, text]: the bytes in hex, or null
codecs.py checksums       per line of standard input the hex of some bytes: their checksums by name
"""

import binascii
import hashlib
import json
import sys
import zlib


def encoded(char, codec):
    try:
        return char.encode(codec).hex()
    except UnicodeEncodeError:
        return None


def decoded(data, codec):
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if len(text) == 1 else None


def mapping(codec, chars):
    codes = {char: code for char in chars if (code := encoded(char, codec))}
    singles = [bytes([first]) for first in range(256)]
    doubles = [bytes([first, second]) for first in range(256) for second in range(256)]
    texts = {data.hex(): text for data in singles + doubles if (text := decoded(data, codec)) is not None}
    return {"encoded": codes, "decoded": texts}


def checksums(data):
    return {
        "CRC-32/ISO-HDLC": f"{zlib.crc32(data):08x}",
        "CRC-16/XMODEM": f"{binascii.crc_hqx(data, 0):04x}",
        "CRC-16/IBM-3740": f"{binascii.crc_hqx(data, 0xFFFF):04x}",
        "ADLER-32": f"{zlib.adler32(data):08x}",
        "SUM-32": f"{sum(data):08x}",
        "MD5": hashlib.md5(data).hexdigest(),
    }


if sys.argv[1] == "map":
    print(json.dumps(mapping(sys.argv[2], [chr(code) for code in json.load(sys.stdin)])))
elif sys.argv[1] == "encode":
    for line in sys.stdin:
        codec, text = json.loads(line)
        print(json.dumps(encoded(text, codec)))
else:
    for line in sys.stdin:
        print(json.dumps(checksums(bytes.fromhex(line))))
