"""Python imports this module at its start, because the folder is first in PYTHONPATH: it starts the tracer of the program's
socket calls, and then runs the `sitecustomize` that the program would have had without it."""

import os
import sys

_folder = os.path.dirname(os.path.abspath(__file__))


def _start():
    """Starts the tracer. A program must never fail because of it."""
    try:
        import wirebench_trace

        wirebench_trace.start()
    except Exception as error:
        sys.stderr.write("wirebench trace: this process is not traced: %r\n" % (error,))


def _run_original():
    """Imports the next `sitecustomize` of the path, under the name that this module had."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _folder]
    own = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        # Python expects the module that it imports to be there when it has run.
        if own is not None:
            sys.modules.setdefault("sitecustomize", own)


_start()
_run_original()
