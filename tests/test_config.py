"""What the environment says is read once, and what would be unsafe is refused by the name of its setting."""

import pytest

from config import Config, Misconfigured, OutsideSystem

PRODUCTION = {"ENV": "production", "SECRET_KEY": "x" * 40, "BASE_URL": "https://platform.example"}
REGISTRY = {
    "CENTRAL_REGISTRY_URL": "https://registry.example/api/",
    "CENTRAL_REGISTRY_KEY_ID": "hunan",
    "CENTRAL_REGISTRY_SECRET": "s" * 32,
}


@pytest.fixture
def read(monkeypatch, tmp_path):
    """The configuration of this environment."""

    def read(**settings):
        places = {"DATA_DIR": str(tmp_path / "data"), "KEY_FILE": str(tmp_path / "keys/master.json")}
        for name, value in (places | settings).items():
            monkeypatch.setenv(name, value)
        return Config.from_environment()

    return read


@pytest.mark.parametrize("more", [{}, PRODUCTION])
def test_a_system_of_others_is_where_the_operator_says(read, more):
    config = read(**more, **REGISTRY)
    assert config.central_registry == OutsideSystem("https://registry.example/api", "hunan", "s" * 32)
    assert config.social_insurance == config.projects == OutsideSystem()


@pytest.mark.parametrize("name", ["CENTRAL_REGISTRY", "SOCIAL_INSURANCE", "PROJECTS", "FACE_VERIFICATION"])
def test_each_system_has_settings_of_its_own(read, name):
    own = {key.replace("CENTRAL_REGISTRY", name): value for key, value in REGISTRY.items()}
    assert getattr(read(**own), name.lower()).key_id == "hunan"


def test_the_secret_may_stand_in_a_file(read, tmp_path):
    path = tmp_path / "secret"
    path.write_text("f" * 40 + "\n")
    settings = REGISTRY | {"CENTRAL_REGISTRY_SECRET": "", "CENTRAL_REGISTRY_SECRET_FILE": str(path)}
    assert read(**settings).central_registry.secret == "f" * 40
    path.unlink()
    with pytest.raises(Misconfigured, match="CENTRAL_REGISTRY_SECRET_FILE cannot be read"):
        read(**settings)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("URL", "registry.example", "must be an address"),
        ("URL", "ftp://registry.example", "must be an address"),
        ("URL", "https://user:password@registry.example", "must be an address"),
        ("URL", "https://registry.example/?a=1", "must be an address"),
        ("URL", "https://registry.example:99999", "must be an address"),
        ("URL", "https://[::1", "must be an address"),
        ("URL", "https://登记.example", "must be an address"),
        ("URL", "http://registry.example", "must be an https address"),
        ("URL", "http://10.1.2.3:8080", "must be an https address"),
        ("KEY_ID", " ", "KEY_ID must be set"),
        ("KEY_ID", "键", "KEY_ID must be set"),
        ("SECRET", "short", "32 characters"),
    ],
)
@pytest.mark.parametrize("more", [{}, PRODUCTION])
def test_what_would_not_work_or_not_be_safe_is_named(read, more, setting, value, said):
    with pytest.raises(Misconfigured, match=f"CENTRAL_REGISTRY_.*{said}"):
        read(**more, **REGISTRY | {f"CENTRAL_REGISTRY_{setting}": value})


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1:9001", "https://127.8.9.10", "http://localhost:9001", "https://a.localhost", "http://[::1]:9001",
        "https://[::ffff:127.0.0.1]", "https://0.0.0.0",
    ],
)  # fmt: skip
def test_in_production_no_system_is_on_the_machine_itself(read, place):
    settings = REGISTRY | {"CENTRAL_REGISTRY_URL": place}
    assert read(**settings).central_registry.url == place
    with pytest.raises(Misconfigured, match="CENTRAL_REGISTRY_URL leads to this machine"):
        read(**PRODUCTION, **settings)
