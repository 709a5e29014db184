"""Configuration: read once from the environment, refused where it would be unsafe."""

import os
import secrets
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
_SHORTEST_SECRET = 32


class Misconfigured(SystemExit):
    """The environment asks for something that must not start."""


def on_this_machine(url: str) -> bool:
    """Whether an address leads back to the machine that asks."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def _is_plain_address(url: str) -> bool:
    """Whether this is a host and a path, and neither a name and password nor a question."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    more = parts.username or parts.password or parts.query or parts.fragment
    return whole and not more and url.isascii() and url.isprintable() and " " not in url


@dataclass(frozen=True)
class OutsideSystem:
    """Where a system of others answers, and the key that signs what is asked of it; without an address, nowhere."""

    url: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, name: str) -> "OutsideSystem":
        """`NAME_URL`, `NAME_KEY_ID`, and `NAME_SECRET` or the file that `NAME_SECRET_FILE` names."""
        secret, path = os.environ.get(f"{name}_SECRET", ""), os.environ.get(f"{name}_SECRET_FILE", "")
        if path and not secret:
            try:
                secret = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, ValueError):
                raise Misconfigured(f"{name}_SECRET_FILE cannot be read: {path}.") from None
        url = os.environ.get(f"{name}_URL", "").rstrip("/")
        return cls(url, os.environ.get(f"{name}_KEY_ID", ""), secret)

    def require_safe(self, name: str, *, production: bool) -> None:
        if not self.url:
            return
        if not _is_plain_address(self.url):
            raise Misconfigured(f"{name}_URL must be an address such as https://registry.example/api.")
        here = on_this_machine(self.url)
        if production and here:
            raise Misconfigured(f"{name}_URL leads to this machine, where only a simulator can be.")
        if not here and not self.url.startswith("https://"):
            raise Misconfigured(f"{name}_URL must be an https address.")
        if not (self.key_id.isascii() and self.key_id.isprintable() and self.key_id.strip()):
            raise Misconfigured(f"{name}_KEY_ID must be set when {name}_URL is.")
        if len(self.secret) < _SHORTEST_SECRET:
            raise Misconfigured(f"{name}_SECRET must be set to {_SHORTEST_SECRET} characters or more.")


OUTSIDE = ("central_registry", "social_insurance", "projects", "face_verification")
"""The fields of `Config` that are systems of others."""


def _base_url(env: str) -> str:
    """The public address; on a developer's machine the one that `make run` listens at."""
    own = "" if env == "production" else f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    return (os.environ.get("BASE_URL") or own).rstrip("/")


@dataclass(frozen=True)
class Config:
    """What an operator may set. Every default is safe on a developer's own machine and nowhere else."""

    env: str = "development"
    data_dir: Path = ROOT / "data"
    key_file: Path = ROOT / "keys" / "master.json"
    database_url: str = ""
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    signer_socket: Path = field(default=Path())
    trusted_proxies: int = 0
    metrics_from: str = ""
    central_registry: OutsideSystem = OutsideSystem()
    social_insurance: OutsideSystem = OutsideSystem()
    projects: OutsideSystem = OutsideSystem()
    face_verification: OutsideSystem = OutsideSystem()
    testing: bool = False

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def url(self) -> str:
        """The address of the database; SQLite in DATA_DIR when none is given."""
        return self.database_url or f"sqlite:///{self.data_dir / 'platform.sqlite'}"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def socket(self) -> Path:
        """The Unix socket of the signer, short enough for the 108 bytes that a socket's path may have."""
        return self.signer_socket if self.signer_socket != Path() else self.data_dir / "signer.sock"

    @classmethod
    def from_environment(cls) -> "Config":
        """Read the environment (docs: README, "Settings"). Raises `Misconfigured` with the setting's name."""
        env = os.environ.get("ENV", "development")
        if env not in {"development", "production"}:
            raise Misconfigured("ENV must be development or production.")
        data_dir = Path(os.environ.get("DATA_DIR", ROOT / "data")).resolve()
        config = cls(
            env=env,
            data_dir=data_dir,
            key_file=Path(os.environ.get("KEY_FILE", ROOT / "keys" / "master.json")).resolve(),
            database_url=os.environ.get("DATABASE_URL", ""),
            secret_key=os.environ.get("SECRET_KEY", ""),
            base_url=_base_url(env),
            signer_socket=Path(os.environ.get("SIGNER_SOCKET", "")),
            trusted_proxies=int(os.environ.get("TRUSTED_PROXIES", "0")),
            metrics_from=os.environ.get("METRICS_FROM", ""),
            central_registry=OutsideSystem.from_environment("CENTRAL_REGISTRY"),
            social_insurance=OutsideSystem.from_environment("SOCIAL_INSURANCE"),
            projects=OutsideSystem.from_environment("PROJECTS"),
            face_verification=OutsideSystem.from_environment("FACE_VERIFICATION"),
        )
        config.require_safe()
        return config

    def require_safe(self) -> None:
        try:
            ip_network(self.metrics_from or "127.0.0.1")
        except ValueError:
            raise Misconfigured("METRICS_FROM must be a network such as 10.1.0.0/16.") from None
        if self.key_file.is_relative_to(self.data_dir):
            raise Misconfigured(
                "KEY_FILE must lie outside DATA_DIR: a copy of the data must not hold its key."
            )
        for name in OUTSIDE:
            system: OutsideSystem = getattr(self, name)
            system.require_safe(name.upper(), production=self.production)
        if not self.production:
            return
        if len(self.secret_key) < _SHORTEST_SECRET:
            raise Misconfigured(
                f"SECRET_KEY must be set to {_SHORTEST_SECRET} characters or more in production."
            )
        if not self.base_url.startswith("https://"):
            raise Misconfigured("BASE_URL must be the https address of the platform in production.")

    def secret(self) -> str:
        """The key that signs forms' tokens: the given one, or one that is made once beside the master key."""
        if self.secret_key:
            return self.secret_key
        path = self.key_file.with_name("session.key")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()
