"""Writes records into a file that is mapped into memory, from which Wirebench reads: no system call for a record, and nothing
is lost when the program is killed. docs/trace-format.md describes the bytes."""

import atexit
import json
import mmap
import os
import struct
import sys
import time
from _thread import RLock, get_ident
from time import monotonic_ns as now

MAGIC = b"WBTRACE1"
HEADER = 64
CAPACITY = 4 * 1024 * 1024

# The words of the header that change: how many bytes were written, and how many were read.
HEAD_WORD = 5
TAIL_WORD = 6

SKIP, START, END, SOURCE, THREAD, PROCESS, EXIT = range(7)

_pack_start = struct.Struct("<QQIIiIq").pack_into
_pack_end = struct.Struct("<QQIiIIq").pack_into
_pack_text = struct.Struct("<QII").pack_into
_pack_skip = struct.Struct("<Q").pack_into


class Channel:
    """The file of this process."""

    def __init__(self, folder, reader):
        self.folder = folder
        self.reader = reader
        self.memory = None
        self.words = None
        self.open()

    def open(self):
        """Creates the file and maps it. Raises OSError."""
        pid = os.getpid()
        path = os.path.join(self.folder, "%d-%d" % (pid, time.time_ns()))
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            os.ftruncate(file, HEADER + CAPACITY)
            # Without this, a full disk would end the program when it writes to the memory.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file, 0, HEADER + CAPACITY)
            self.memory = mmap.mmap(file, HEADER + CAPACITY)
        finally:
            os.close(file)
        self.words = memoryview(self.memory).cast("Q")
        header = struct.pack("<8sIIQQQ", MAGIC, pid, os.getppid(), CAPACITY, now(), time.time_ns())
        self.memory[: len(header)] = header
        # Under this name the reader finds it, complete.
        os.rename(path, path + ".ring")

    def reader_lives(self):
        """Returns whether Wirebench is still there to read."""
        try:
            if self.reader and os.name == "posix":
                os.kill(self.reader, 0)
            return os.path.isdir(self.folder)
        except ProcessLookupError:
            return False
        except OSError:
            return True


def _writer(channel):
    """Returns the functions that write records into `channel`. Its state is theirs alone: that makes them fast."""
    memory = channel.memory
    words = channel.words
    head = 0
    # Up to here the ring may be filled without looking at what was read.
    limit = CAPACITY
    calls = 0
    # Whether a record is being written: then a signal handler that interrupted it has its own written after it.
    inside = False
    later = []
    held_at = None
    threads = {}
    thread_of = threads.get
    lock = RLock()
    mask = CAPACITY - 1

    def place_for(size):
        """Returns the offset at which a record of `size` bytes fits in one piece. Waits while the ring is full: a program
        that calls faster than Wirebench reads is slowed down, and nothing is dropped. Returns -1 once nobody reads."""
        nonlocal head, limit, memory
        gap = CAPACITY - (head & mask)
        needed = size if size <= gap else gap + size
        rounds = 0
        while head + needed > limit:
            limit = words[TAIL_WORD] + CAPACITY
            if head + needed <= limit:
                break
            rounds += 1
            if rounds % 100 == 0 and not channel.reader_lives():
                memory = None
                return -1
            time.sleep(0.001)
        if size > gap:
            _pack_skip(memory, HEADER + (head & mask), SKIP | gap << 32)
            head += gap
        return HEADER + (head & mask)

    def write(kind, size, *values):
        """Writes one record that is not a plain one. The caller holds the lock."""
        nonlocal head, inside
        if memory is None:
            return
        if inside:
            later.append((kind, size) + values)
            return
        inside = True
        try:
            place = place_for(size)
            if place >= 0:
                kind(place, size, *values)
                words[HEAD_WORD] = head = head + size
        finally:
            inside = False
        while later:
            write(*later.pop(0))

    def start_record(place, size, call, at, thread, number, descriptor, source, amount, text):
        first = START | call << 8 | len(text) << 16 | size << 32
        _pack_start(memory, place, first, at, thread, number, descriptor, source, amount)
        memory[place + 40 : place + 40 + len(text)] = text

    def end_record(place, size, call, at, number, errno, result, text, data):
        first = END | call << 8 | size << 32
        _pack_end(memory, place, first, at, number, errno, len(text), len(data), result)
        place += 40
        memory[place : place + len(text)] = text
        place += len(text)
        memory[place : place + len(data)] = data

    def text_record(place, size, kind, one, two, text):
        _pack_text(memory, place, kind | len(text) << 16 | size << 32, one, two)
        memory[place + 16 : place + 16 + len(text)] = text

    def put_text(kind, one, two, text):
        """Writes a record of two numbers and a text of at most 65 535 bytes."""
        with lock:
            write(text_record, (16 + len(text) + 7) & ~7, kind, one, two, text)

    def new_thread():
        number = threads[get_ident()] = len(threads) + 1
        active = getattr(sys.modules.get("threading"), "_active", {})
        name = getattr(active.get(get_ident()), "name", "")
        put_text(THREAD, number, 0, str(name).encode("utf-8", "replace")[:256])
        return number

    def begin(call, descriptor, source, amount, text):
        """Reports the start of a call and returns its number. `amount`: how many bytes it was given or asked for."""
        nonlocal head, inside, calls
        thread = thread_of(get_ident()) or new_thread()
        with lock:
            number = calls = calls + 1 & 0xFFFFFFFF
            position = head & mask
            if text or inside or head + 40 > limit or position > CAPACITY - 40 or memory is None:
                size = (40 + len(text) + 7) & ~7
                write(start_record, size, call, now(), thread, number, descriptor, source, amount, text)
                return number
            inside = True
            first = START | call << 8 | 40 << 32
            _pack_start(memory, HEADER + position, first, now(), thread, number, descriptor, source, amount)
            words[HEAD_WORD] = head = head + 40
            inside = False
            if later:
                write(*later.pop(0))
        return number

    def finish(call, number, errno, result, text, data):
        """Reports the end of a call: its result, or the errno with which it failed (-1: an exception that has none)."""
        nonlocal head, inside
        at = now()
        length = len(data)
        size = (47 + length) & ~7
        with lock:
            position = head & mask
            if text or inside or head + size > limit or position > CAPACITY - size or memory is None:
                size = (47 + len(text) + length) & ~7
                write(end_record, size, call, at, number, errno, result, text, data)
                return
            inside = True
            _pack_end(memory, HEADER + position, END | call << 8 | size << 32, at, number, errno, 0, length, result)
            if length:
                position += HEADER + 40
                memory[position : position + length] = data
            words[HEAD_WORD] = head = head + size
            inside = False
            if later:
                write(*later.pop(0))

    def reopen():
        """Gives a child process a channel of its own: two processes cannot share one."""
        nonlocal memory, words, head, limit, inside, lock
        lock = RLock()
        head, limit, inside = 0, CAPACITY, False
        later.clear()
        threads.clear()
        try:
            channel.open()
            memory, words = channel.memory, channel.words
        except OSError:
            memory = None

    def hold():
        nonlocal held_at
        lock.acquire()
        held_at = now()

    def release():
        lock.release()

    def forked_at():
        """Returns when this process was forked from its parent."""
        return held_at

    return begin, finish, put_text, reopen, hold, release, forked_at


begin = finish = put_text = None

#: How many bytes of the payload of a call are reported.
max_bytes = 65536

#: What to do in a child process besides opening its channel.
in_child = []


def open_channel(folder):
    """Opens the channel of this process in `folder`. Returns False where that is not possible."""
    global begin, finish, put_text, max_bytes
    max_bytes = max(0, min(int(os.environ.get("WIREBENCH_TRACE_BYTES", max_bytes)), CAPACITY // 4))
    try:
        channel = Channel(folder, int(os.environ.get("WIREBENCH_TRACE_READER", "0")))
    except OSError as error:
        sys.stderr.write("wirebench trace: this process is not traced: %s\n" % (error,))
        return False
    begin, finish, put_text, reopen, hold, release, forked_at = _writer(channel)
    _introduce()

    def after_in_child():
        reopen()
        for forget in in_child:
            forget()
        _introduce(forked_at())

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=hold, after_in_parent=release, after_in_child=after_in_child)
    atexit.register(lambda: put_text(EXIT, 0, 0, b""))
    return True


def _introduce(forked_at=None):
    """Reports what the process is. `forked_at`: it has the sockets that its parent had at this time."""
    about = {
        "argv": getattr(sys, "orig_argv", None) or [sys.executable],
        "language": "python",
        "version": "%d.%d.%d" % sys.version_info[:3],
        "forkedAt": forked_at,
    }
    put_text(PROCESS, 0, 0, json.dumps(about).encode()[:65535])


def put_source(number, line, path):
    """Reports that the source line `number` is line `line` of the file `path`, in bytes."""
    put_text(SOURCE, number, line, path[:4096])
