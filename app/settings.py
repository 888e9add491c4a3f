"""Settings: the only reader of the environment. Everything below receives values.

Each field is documented in ``.env.example``, which is generated from here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an installation can choose. Unknown names with our prefix are refused at start."""

    model_config = SettingsConfigDict(frozen=True, env_prefix="MEKTEP_", extra="ignore", populate_by_name=True)

    owner_url: str = Field(
        default="", description="Database address of the role that owns the tables and migrates; set by scripts/run."
    )
    web_url: str = Field(default="", description="Database address of the web role (owns nothing, obeys row security).")
    worker_url: str = Field(default="", description="Database address of the worker role (owns nothing).")
    secret_key: str = Field(
        default="", min_length=0, description="Signs sessions; at least 32 characters. scripts/run makes one in var/."
    )
    var_dir: Path = Field(default=PROJECT_ROOT / "var", description="Where uploads, caches, rasters and logs live.")
    languages: tuple[str, ...] = Field(
        default=("ky", "ru", "en"), description="Languages offered, the first is the default."
    )
    demonstration_accounts: Literal["closed", "open"] = Field(
        default="closed",
        description="What accounts of the demonstration may do once real schools are here: nothing (closed), or, on a "
        "machine for trying out only, what they could before (open).",
    )
    log_format: Literal["json", "text"] = Field(default="json", description="Shape of the log lines.")
    metrics_public: bool = Field(default=False, description="Answer /metrics to other machines as well as to this one.")
    metrics_dir: Path | None = Field(
        default=None, description="Where the web processes share their counters; set by scripts/run."
    )
    static_dir: Path | None = Field(
        default=None, description="Copy of the static files with compressed forms beside them; set by scripts/run."
    )
    upload_limit_mb: int = Field(default=50, ge=1, le=500, description="Largest file accepted, in megabytes.")
    clamd: str = Field(
        default="",
        description="Where clamd listens (a path, or host:port): every file from people is scanned for malware, and "
        "none is taken while it does not answer. Empty: files are not scanned. Its StreamMaxLength must not be below "
        "the limit above.",
    )
    page_cache_mb: int = Field(
        default=32,
        ge=0,
        le=2000,
        description="Memory of each web process for finished pages of visitors, in megabytes; 0 makes each page anew.",
    )
    trusted_proxies: int = Field(
        default=0, ge=0, le=5, description="How many proxies stand in front and set X-Forwarded-For, -Proto and -Host."
    )
    rate_limits: bool = Field(
        default=True, description="Refuse more requests than the limits below from one address, account or key."
    )
    sign_ins_per_minute: int = Field(default=30, ge=0, description="Tries to sign in from one address; 0: no limit.")
    idle_minutes: int = Field(
        default=60,
        ge=0,
        le=720,
        description="A browser is signed out after so many minutes without a request; 0: only twelve hours count.",
    )
    searches_per_minute: int = Field(default=120, ge=0, description="Searches from one address; 0: no limit.")
    exports_per_minute: int = Field(default=20, ge=0, description="Files made for one address; 0: no limit.")
    tiles_per_minute: int = Field(default=3000, ge=0, description="Map tiles for one address; 0: no limit.")
    api_per_minute: int = Field(
        default=300, ge=0, description="Reading requests of programs from one address; a key has its own; 0: no limit."
    )
    api_writes_per_minute: int = Field(
        default=30, ge=0, description="Writing requests of programs from one address, account or key; 0: no limit."
    )
    oidc_issuer: str = Field(
        default="",
        description="OpenID Connect provider to sign in at besides (the national identity system).",
    )
    oidc_client_id: str = Field(default="", description="What this installation is called at the provider.")
    oidc_client_secret: str = Field(default="", description="Its secret there; empty for a public client (PKCE only).")
    oidc_name: str = Field(default="", description="What the button of the sign-in page calls the provider.")
    oidc_sign_in_page: str = Field(
        default="", description="Address of the provider's sign-in page, where it is on another host than the issuer."
    )
    field_secrets: dict[str, str] = Field(
        default={},
        description="Servers of field forms that may be read, as a JSON object of address to secret: the token of "
        "KoBoToolbox, or address:password of an ODK account. No other server is ever asked.",
    )
    https_only: bool = Field(default=False, description="Send cookies over HTTPS only (set it behind TLS).")

    @property
    def geodata_dir(self) -> Path:
        """Rasters and other large geodata, named by their hash."""
        return self.var_dir / "geodata"

    @property
    def upload_dir(self) -> Path:
        """Original uploads, named by their hash."""
        return self.var_dir / "uploads"

    @property
    def evidence_dir(self) -> Path:
        """Photos and documents of assessments, named by their hash."""
        return self.var_dir / "evidence"

    @property
    def cache_dir(self) -> Path:
        """Compressed tiles and other things that can be made again."""
        return self.var_dir / "cache"
