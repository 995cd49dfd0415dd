"""
Starts the environment server: `oncall serve`, a Node program that takes the place of this process.

OpenEnv's tools start an environment as the script `server`, as this module, or as the ASGI application `app` under
uvicorn; all three end here. `ONCALL_COMMAND` says how to call `oncall` where it is not on the path.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

HELP = (
    "oncall is not on the path. In a checkout of oncall-gym, `npm link` puts it there; "
    "or set ONCALL_COMMAND to how it is called, such as `npx tsx eval/cli/main.ts`."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """
    Becomes `oncall serve` with the host and port given. Everything else is told by the server's own variables: a host
    other than this machine wants `ONCALL_CONTROL_TOKEN`, or `ONCALL_INSECURE_NO_AUTH=true` where only you can connect.
    """
    parser = argparse.ArgumentParser(description="Serve incidents over OpenEnv's protocol.")
    parser.add_argument("--host")
    parser.add_argument("--port")
    # uvicorn's own flags, such as --workers, mean nothing to a server that is one process.
    given, _ = parser.parse_known_args(arguments)
    flags = [f"--{name}={value}" for name, value in vars(given).items() if value is not None]
    command = [*_oncall(), "serve", *flags]
    os.execvp(command[0], command)


def _oncall() -> list[str]:
    told = os.environ.get("ONCALL_COMMAND")
    if told:
        return shlex.split(told)
    found = shutil.which("oncall")
    if found is None:
        sys.exit(HELP)
    return [found]


Message = Mapping[str, Any]


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """An ASGI application for starters that know no other kind: uvicorn calls it once before it listens."""
    if scope["type"] == "lifespan":
        main()


if __name__ == "__main__":
    main()
