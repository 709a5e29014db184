"""The factory: the one place where all parts meet."""

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models  # noqa: F401 - makes every table known before the first mapper is configured
from app.extensions.database import db
from app.extensions.vault import DataKeys, MasterKeys, vault
from app.security.access.keys import load_data_keys
from app.services.files import open_store
from config import ROOT, Config


def build(config: Config | None = None) -> Flask:
    """The application for this configuration; without one, for the environment."""
    config = config or Config.from_environment()
    app = Flask("app", static_folder="static", template_folder="templates")
    app.config.from_mapping(_settings(config))
    app.extensions["platform_config"] = config
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    config.data_dir.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        db.init_app(app)
        Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
        open_vault(app, config)
        open_store(config.files_dir)
        _assemble(app)
    return app


def _settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret(),
        "TESTING": config.testing,
        "SQLALCHEMY_DATABASE_URI": config.url,
        "SQLALCHEMY_ENGINE_OPTIONS": _connecting(config),
        "MAX_CONTENT_LENGTH": 60 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "LANGUAGES": {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}},
        "APP_NAME": "湖南省二级建造师公共服务平台",
        # Tables come from the migrations and permissions from `sync`, never from a web worker that starts.
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may stay open over lunch; the token dies with the session
    }


def _connecting(config: Config) -> dict[str, object]:
    options: dict[str, object] = {"pool_pre_ping": True, "hide_parameters": True}
    if config.url.startswith("postgresql"):
        # Every question of a page is a small one. PostgreSQL compiles what looks dear to it, and one that joins the
        # tables of a dozen kinds of declarations does until the tables were counted: a second for a few rows.
        options["connect_args"] = {"options": "-c jit=off"}
    return options


def open_vault(app: Flask, config: Config) -> None:
    """Let the vault of this process fetch its keys from this application's database."""

    def fetch() -> DataKeys:
        with app.app_context(), db.engine.connect() as connection:
            return load_data_keys(connection, MasterKeys.load(config.key_file))

    vault.configure(fetch)


def _assemble(app: Flask) -> None:
    """Screens, doors and answers. Imported here because they need the application's context to be built.

    The types come before any screen: what a screen makes of them is made when its module is read.
    """
    from app import declarations  # noqa: PLC0415

    declarations.find()

    from app import cli, views  # noqa: PLC0415
    from app.security.login import language, sessions  # noqa: PLC0415
    from app.security.login.manager import PlatformSecurityManager  # noqa: PLC0415
    from app.views.kit import answers  # noqa: PLC0415
    from app.views.kit.builder import PlatformBuilder  # noqa: PLC0415
    from app.views.portal import PortalView  # noqa: PLC0415

    sessions.install(app)
    CSRFProtect(app)
    appbuilder = PlatformBuilder(indexview=PortalView, security_manager_class=PlatformSecurityManager)
    appbuilder.init_app(app, db.session)
    language.install(app)
    views.register(appbuilder)
    answers.install(app)
    cli.register(app)
