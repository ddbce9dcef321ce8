"""What the operator sets: variables `SOPBOT_*`, the `.env` file, and `*_FILE` for secrets.

A leaf: it imports nothing of sopbot and everything but the domain may read it. Counterpart: `.env.example` explains
each variable to the operator, `run.py` reads the token's names to choose between bot and simulator.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
TELEGRAM = "https://api.telegram.org"

TOKEN_NAMES = ("SOPBOT_TOKEN", "TELEGRAM_BOT_TOKEN", "BOT_TOKEN")
SECRETS = (*TOKEN_NAMES, "SOPBOT_WEBHOOK_SECRET", "SOPBOT_DATABASE_URL")  # those that may come from a *_FILE
DATABASES = {
    "postgres://": "postgresql+psycopg://",
    "postgresql://": "postgresql+psycopg://",
    "postgresql+psycopg://": "postgresql+psycopg://",
    "sqlite:///": "sqlite:///",
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class SettingsError(Exception):
    """A setting cannot be used; the message is one sentence for the operator and holds no secret."""


# Validators say what the value must be, never the value: it may be a secret, and `load` adds the variable's name.


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", secret.get_secret_value()):
        raise ValueError("must look like the token that BotFather gives, digits:letters")
    return secret


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("must be 1 to 256 letters, digits, _ or -")
    return secret


def _database(url: str) -> str:
    for given, driver in DATABASES.items():
        if url.startswith(given) and (given.startswith("sqlite") or _has_port(url)):
            return driver + url.removeprefix(given)
    raise ValueError("must begin with postgresql:// or sqlite:///")


def _has_port(url: str) -> bool:
    """Tell whether the port of an address, if it names one, can be one."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port(url):
        raise ValueError("must be an address that begins with http:// or https://")
    return url.rstrip("/")


def _public(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("must begin with https://, as Telegram delivers to nothing else")
    return url


def _folder(path: Path) -> Path:
    path = path.expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("must be a folder, and a file stands there")
    return path


def _existing(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("must be a folder that exists")
    return path


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


HttpUrl = Annotated[str, AfterValidator(_http)]
Folder = Annotated[Path, AfterValidator(_folder)]
Limit = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseSettings):
    """The settings of one running sopbot, checked.

    Limits count messages: `limit_overall` and `limit_chat` per second, `limit_group` per minute; 0 lifts one.
    `database_url` is ready for SQLAlchemy and may hold a password: never log it.
    """

    model_config = SettingsConfigDict(
        env_prefix="SOPBOT_", frozen=True, extra="ignore", hide_input_in_errors=True, validate_default=True
    )

    token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    database_url: Annotated[str, AfterValidator(_database)] = Field(default="sqlite:///", repr=False)
    telegram_api_url: HttpUrl = TELEGRAM
    definitions: Annotated[Folder, AfterValidator(_existing)] = ROOT / "sop_definitions"
    data: Folder = ROOT / "data"
    webhook_url: Annotated[HttpUrl, AfterValidator(_public)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = None
    port: int = Field(default=8080, ge=1, le=65535)
    log: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    sim_clock_url: HttpUrl | None = None
    limit_overall: Limit = 25
    limit_chat: Limit = 1
    limit_group: Limit = 20

    @model_validator(mode="before")
    @classmethod
    def _database_in_data(cls, values: dict[str, Any]) -> dict[str, Any]:
        data = Path(values.get("data") or ROOT / "data").expanduser().absolute()
        return {"database_url": f"sqlite:///{(data / 'sopbot.db').as_posix()}", **values}

    @model_validator(mode="after")
    def _webhook_needs_secret(self) -> "Settings":
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("SOPBOT_WEBHOOK_URL needs SOPBOT_WEBHOOK_SECRET beside it")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is given in code, then the operator's variables."""
        del env_settings, dotenv_settings, file_secret_settings  # they know neither *_FILE nor an empty value
        return init_settings, _Variables(settings_cls)

    def prepare_data(self) -> Path:
        """Create the data folder where it is missing, and return it.

        Raises:
            SettingsError: it cannot be created or written.
        """
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            writable = os.access(self.data, os.W_OK | os.X_OK)
        except OSError as error:
            raise SettingsError(f"SOPBOT_DATA: {self.data} cannot be created: {error.strerror}.") from error
        if not writable:
            raise SettingsError(f"SOPBOT_DATA: {self.data} cannot be written.")
        return self.data


class _Variables(PydanticBaseSettingsSource):
    """The variables of the environment, of `.env`, and of the files that `*_FILE` names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return one field's value, as the base class wants it."""
        del field
        return self().get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        variables = read_variables(os.environ)
        found = {}
        for field in self.settings_cls.model_fields:
            names = TOKEN_NAMES if field == "token" else (f"SOPBOT_{field.upper()}",)
            values = [variables[name] for name in names if name in variables]
            if values:
                found[field] = values[0]
        return found


def read_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what is set, with secrets read from their files; an empty value counts as not set.

    The environment wins over `.env` (beside `run.py`, or the file that SOPBOT_ENV_FILE names).

    Raises:
        SettingsError: a secret is given twice, or its file cannot be read.
    """
    named = environ.get("SOPBOT_ENV_FILE")
    env_file = Path(named or ROOT / ".env")
    if named and not env_file.exists():
        raise SettingsError(f"SOPBOT_ENV_FILE: {env_file} does not exist.")
    try:
        dotenv = dotenv_values(env_file, interpolate=False) if env_file.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {env_file} cannot be read.") from error
    given = {**_with_secrets(dotenv), **_with_secrets(environ)}
    return {name: value for name, value in given.items() if value.strip()}


def _with_secrets(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return one source's variables, each secret that a `*_FILE` names read from it."""
    result = {name: value for name, value in variables.items() if value is not None}
    for name in SECRETS:
        path = result.get(f"{name}_FILE", "").strip()
        if not path:
            continue
        if result.get(name, "").strip():
            raise SettingsError(f"Set {name} or {name}_FILE, not both.")
        try:
            result[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE: {path} cannot be read.") from error
        if not result[name]:
            raise SettingsError(f"{name}_FILE: {path} is empty.")
    return result


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - any field, checked by the class
    """Read and check the settings; what is given by name wins over the operator's variables.

    Raises:
        SettingsError: one clear sentence that names the variable.
    """
    try:
        return Settings(**given)
    except ValidationError as errors:
        error = errors.errors(include_input=False, include_url=False, include_context=False)[0]
        # From None: the original error carries what was typed, which may be the token.
        raise SettingsError(_sentence(error["loc"], error["msg"])) from None


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    return f"SOPBOT_{str(location[0]).upper()} {_lower_first(reason)}." if location else f"{reason}."


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
