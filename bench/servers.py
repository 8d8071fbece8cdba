"""The two servers of the bench on loopback: nginx for speed, our own slow one for latency. Both keep a log."""

import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NGINX = """
daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.error.log; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  log_format short "$status $uri"; access_log {log} short;
  sendfile on; tcp_nopush on; open_file_cache max=10000 inactive=600s; keepalive_requests 100000;
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  default_type application/xml;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {feeds}; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server; its log holds one line an answer: the status, and what was asked for."""

    port: int
    log: Path

    def statuses(self) -> Counter[str]:
        """How many answers of each status since the last call."""
        time.sleep(0.05)  # nginx writes its line after the answer
        lines = self.log.read_text("utf-8").splitlines()
        with self.log.open("w", encoding="utf-8"):
            return Counter(line.split(" ")[0] for line in lines)


@contextmanager
def nginx(work: Path, feeds: Path) -> Iterator[Server]:
    """The folder, served by nginx with ETag and Last-Modified."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    server = Server(_free_port(), work / "nginx.log")
    config = work / "nginx.conf"
    config.write_text(NGINX.format(work=work, log=server.log, port=server.port, feeds=feeds), "utf-8")
    user = ["-g", "user root;"] if Path.home() == Path("/root") else []
    with _running([program, "-c", str(config), "-e", str(work / "nginx.error.log"), *user], server):
        yield server


@contextmanager
def slow(work: Path, feeds: Path, seconds: float) -> Iterator[Server]:
    """The folder, served with a pause before each answer."""
    server = Server(_free_port(), work / "slow.log")
    command = [sys.executable, "-m", "bench.latency", str(feeds), str(server.port), str(server.log), str(seconds)]
    with _running(command, server):
        yield server


@contextmanager
def _running(command: list[str], server: Server) -> Iterator[None]:
    server.log.touch()
    process = subprocess.Popen(command)
    try:
        _wait_for(server.port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not answer on port {port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
