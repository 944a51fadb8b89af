"""Prints what an export of a session holds, as JSON lines, with bytes in hex; those of an archive's files as their hash.

usage: read_exports.py csv|jsonl|sqlite|tar FILE

Nothing but the standard library: what it reads, any program can read.
"""

import base64
import csv
import hashlib
import json
import re
import sqlite3
import sys
import tarfile


def cell(text):
    """What was recorded: an apostrophe is put before what a spreadsheet would run, and before an apostrophe."""
    return re.sub(r"""^'|([;\t\r\n]"*)'""", r"\1", text)


def from_csv(path):
    csv.field_size_limit(2**31 - 1)
    with open(path, newline="", encoding="utf-8") as file:
        for raw in csv.DictReader(file, strict=True):
            assert not any(text[:1] in ("=", "+", "@", "\t", "\r") for text in raw.values())
            row = {name: cell(text) for name, text in raw.items()}
            body = row.pop("body")
            data = body.encode() if row["encoding"] == "text" else base64.b64decode(body, validate=True)
            data = data[int(row["carried"]) :] + bytes.fromhex(row["rest"])
            yield {**row, "body": data.hex()}


def from_jsonl(path):
    with open(path, newline="", encoding="utf-8") as file:
        for line in file.read().split("\n")[:-1]:
            row = json.loads(line)
            data = base64.b64decode(row["base64"], validate=True) if "base64" in row else row["text"].encode()
            data = data[row.get("carried", 0) :] + bytes.fromhex(row.get("rest", ""))
            frame = [bytes.fromhex(row.get(name, "")) for name in ("head", "tail")]
            yield {"seq": row["seq"], "kind": row["kind"], "bytes": (frame[0] + data + frame[1]).hex()}


def from_sqlite(path):
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for table in ("meta", "sockets", "records", "parts", "notes"):
        cursor = database.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            values = [value.hex() if isinstance(value, bytes) else value for value in row]
            yield {"table": table, **dict(zip(names, values))}


def from_tar(path):
    with tarfile.open(path) as archive:
        for member in archive:
            data = archive.extractfile(member).read()
            yield {"name": member.name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


if __name__ == "__main__":
    for line in {"csv": from_csv, "jsonl": from_jsonl, "sqlite": from_sqlite, "tar": from_tar}[sys.argv[1]](sys.argv[2]):
        print(json.dumps(line))
