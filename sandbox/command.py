"""The command line, shared by `python -m sandbox` and `manage.py sandbox`."""

import argparse
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

from sandbox.extranet.tokens import EDITIONS as EXTRANET_EDITIONS
from sandbox.listing import PAGE_SHAPES
from sandbox.order_taking.wire import EDITIONS
from sandbox.server import Server
from sandbox.state_file import StateFile
from sandbox.world import Settings, World

SAVE_EVERY = 1.0  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare every flag on the parser."""
    default = Settings()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9100, help="0 takes a free one")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep everything in this file")
    parser.add_argument("--edition", choices=sorted(EDITIONS), default=default.edition)
    parser.add_argument("--page-shape", choices=PAGE_SHAPES, default=default.page_shape)
    parser.add_argument("--page-size", type=_positive, default=default.page_size, metavar="N")
    parser.add_argument(
        "--pace", type=float, default=default.pace, metavar="SECONDS", help="between two steps of an order"
    )
    parser.add_argument(
        "--orders",
        type=_count,
        default=default.orders,
        metavar="N",
        help="tracked orders of the last three years; what the state file says goes first",
    )
    parser.add_argument(
        "--copper",
        type=_count,
        default=default.copper,
        metavar="N",
        help="copper orders of the last three years; what the state file says goes first",
    )
    parser.add_argument(
        "--extranet-edition",
        choices=EXTRANET_EDITIONS,
        default=default.extranet_edition,
        help="which edition of signing in to the extranet there is",
    )
    parser.add_argument("--token-life", type=float, default=default.token_life, metavar="SECONDS")
    parser.add_argument(
        "--rate", type=float, default=default.rate, metavar="N", help="requests a second, 0 for any number"
    )
    parser.add_argument("--seed", type=int, default=default.seed)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the stand-in until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="sandbox", description="A stand-in for the vendor's APIs.")
    add_arguments(parser)
    run(parser.parse_args(argv))


def run(options: argparse.Namespace) -> None:
    """Serve with these options, printing the address when ready, until SIGINT or SIGTERM."""
    world = World(
        Settings(
            pace=options.pace,
            seed=options.seed,
            page_shape=options.page_shape,
            page_size=options.page_size,
            edition=options.edition,
            token_life=options.token_life,
            rate=options.rate,
            orders=options.orders,
            copper=options.copper,
            extranet_edition=options.extranet_edition,
        )
    )
    state_file = StateFile(options.state, world) if options.state else None
    if state_file:
        state_file.load()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Server((options.host, options.port), world) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        print(f"sandbox listening on {server.url}", flush=True)
        while not stop.wait(SAVE_EVERY):
            if state_file:
                state_file.save()
        server.shutdown()
    if state_file:
        state_file.save()


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than 0")
    return number


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number
