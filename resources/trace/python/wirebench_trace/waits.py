"""Reports the waits for sockets: select, poll, epoll and kqueue, and the selectors that are built on them."""

import functools
import select
import selectors
import sys

from . import frames, ring
from .calls import NUMBERS

_calls = {
    "SelectSelector": "select",
    "PollSelector": "poll",
    "EpollSelector": "epoll_wait",
    "DevpollSelector": "poll",
    "KqueueSelector": "kevent",
}


def _wait(name, original, timeout_at, count):
    """A function that waits until a socket is ready or a time is over, and returns what is ready."""
    call = NUMBERS[name]

    @functools.wraps(original)
    def traced(*args, **kwargs):
        timeout = args[timeout_at] if len(args) > timeout_at else kwargs.get("timeout")
        text = b"" if timeout is None else repr(timeout).encode()[:100]
        number = ring.begin(call, -1, frames.source_of(sys._getframe(1)), 0, text)
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            errno = getattr(error, "errno", None)
            ring.finish(call, number, errno if type(errno) is int else -1, -1, type(error).__name__.encode(), b"")
            raise
        ring.finish(call, number, 0, count(result), b"", b"")
        return result

    return traced


def _reported_object(factory, method, name):
    """A class whose objects hand everything on to one that `factory` makes, and report its waits."""

    class Reported:
        def __init__(self, *args, **kwargs):
            self._own = factory(*args, **kwargs)
            setattr(self, method, _wait(name, getattr(self._own, method), 0, len))

        def __getattr__(self, attribute):
            return getattr(self._own, attribute)

        def __enter__(self):
            self._own.__enter__()
            return self

        def __exit__(self, *args):
            return self._own.__exit__(*args)

    Reported.__name__ = Reported.__qualname__ = factory.__name__
    return Reported


def install():
    """Replaces the functions. The selectors keep the original ones, and report a wait themselves."""
    for class_name, name in _calls.items():
        selector = getattr(selectors, class_name, None)
        if selector is not None:
            selector.select = _wait(name, selector.select, 1, len)
    select.select = _wait("select", select.select, 3, lambda lists: sum(map(len, lists)))
    if hasattr(select, "poll"):
        select.poll = _reported_object(select.poll, "poll", "poll")
