"""Settings: where each comes from, which wins, and what is said of one that cannot be."""

from pathlib import Path

import pytest

from summarizer import defaults
from summarizer.errors import ConfigError
from summarizer.settings import Settings, choose_model, config_path, read_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def environ(file: Path | None = None, **variables: str) -> dict[str, str]:
    named = {"SUMMARIZER_CONFIG": str(file)} if file else {"SUMMARIZER_CONFIG": "/dev/null"}
    return named | variables


def test_defaults_where_nothing_is_set() -> None:
    assert read_settings(environ=environ()) == Settings()
    assert (Settings().takeaways, Settings().prompt, Settings().model) == (5, "summarize", None)


def test_a_keyword_wins_over_the_environment_over_the_file_over_the_default(file: Path) -> None:
    file.write_text('takeaways = 2\nrpm = 20\ntpm = 200\nlanguage = "de"\nmax_cost = 0.5\n')
    found = read_settings(
        environ=environ(file, SUMMARIZER_RPM="30", SUMMARIZER_TPM="300"),
        tpm=400,
        takeaways=None,
        language=None,
    )
    assert (found.takeaways, found.rpm, found.tpm, found.language) == (2, 30, 400, "de")
    assert (found.max_cost, found.concurrency) == (0.5, Settings().concurrency)
    assert found.origins == {
        "takeaways": str(file),
        "rpm": "SUMMARIZER_RPM",
        "tpm": "the caller",
        "language": str(file),
        "max_cost": str(file),
    }


def test_our_own_variable_wins_over_that_of_openai() -> None:
    variables = environ(OPENAI_BASE_URL="http://one.example/v1")
    assert read_settings(environ=variables).base_url == "http://one.example/v1"
    variables["SUMMARIZER_BASE_URL"] = "http://two.example/v1"
    assert read_settings(environ=variables).base_url == "http://two.example/v1"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings(environ=environ(SUMMARIZER_MODEL="", OPENAI_BASE_URL=" ")) == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("takeaways = 0", "takeaways cannot be 0; it is a whole number from 1 to 50: maximum number"),
        ("takeaways = 51", "takeaways cannot be 51; it is a whole number from 1 to 50: maximum number"),
        ('base_url = "x"', "base_url cannot be 'x'; it is the address of an OpenAI-compatible"),
        ("language = 'French'", "language cannot be 'French'; it is a tag such as fr, en or pt-BR"),
        ("max_cost = nan", "max_cost cannot be nan; it is a number from 0: maximum cost"),
        ("timeout = 0", "timeout cannot be 0; it is a number above 0: seconds"),
        ("colour = 1", "'colour' is not a setting; the settings are model, base_url, language,"),
        ("origins = 1", "'origins' is not a setting"),
    ],
)
def test_a_bad_line_in_the_file_is_named_with_what_it_may_be(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        read_settings(environ=environ(file))
    assert str(refused.value).startswith(f"{file}: {message}")


def test_a_bad_variable_is_named_with_what_it_may_be() -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings(environ=environ(SUMMARIZER_TAKEAWAYS="many"))
    assert str(refused.value) == (
        "SUMMARIZER_TAKEAWAYS: takeaways cannot be 'many'; "
        "it is a whole number from 1 to 50: maximum number of takeaways"
    )


def test_a_misspelt_variable_is_not_ignored_but_one_of_another_program_is() -> None:
    with pytest.raises(ConfigError) as refused:
        read_settings(environ=environ(SUMMARIZER_TAKEAWAY="3"))
    assert str(refused.value) == "SUMMARIZER_TAKEAWAY is not a setting: did you mean SUMMARIZER_TAKEAWAYS?"
    assert read_settings(environ=environ(SUMMARIZER_HOME="/srv")) == Settings()


def test_a_keyword_that_is_no_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^'takeways' is not a setting; did you mean 'takeaways'"):
        read_settings(environ=environ(), takeways=3)


def test_a_named_file_must_be_there_and_must_be_toml(file: Path) -> None:
    with pytest.raises(ConfigError) as missing:
        read_settings(environ=environ(file))
    assert str(missing.value) == f"there is no settings file '{file}': check SUMMARIZER_CONFIG"
    file.write_text("takeaways = = 3")
    with pytest.raises(ConfigError, match=r"is not TOML: .*line 1"):
        read_settings(environ=environ(file))
    with pytest.raises(ConfigError, match="cannot read the settings file"):
        read_settings(environ=environ(file.parent))


def test_the_file_in_the_folder_of_the_user_need_not_be_there() -> None:
    assert config_path({}).name == "config.toml"


def test_the_cache_is_a_file_in_the_folder_of_the_user_unless_it_is_set(tmp_path: Path) -> None:
    default = Settings().cache_place
    assert default is not None
    assert (default.name, default.parent.name) == ("drafts.sqlite", "summarizer")
    assert Settings(cache="off").cache_place is None
    assert Settings(cache=str(tmp_path)).cache_place == tmp_path / "drafts.sqlite"
    assert read_settings(environ=environ(), cache=tmp_path / "mine").cache_place == tmp_path / "mine"
    assert Settings(cache="~/mine").cache_place == Path.home() / "mine"


@pytest.mark.parametrize(
    ("variables", "given", "model", "reason"),
    [
        ({}, "ollama/llama3", "ollama/llama3", "set by the caller"),
        ({"OPENAI_API_KEY": "k"}, "extractive", "extractive", "set by the caller"),
        (
            {"SUMMARIZER_MODEL": "openai/x", "OPENAI_API_KEY": "k"},
            None,
            "openai/x",
            "set by SUMMARIZER_MODEL",
        ),
        ({"OPENAI_API_KEY": "k"}, None, defaults.MODEL, "OPENAI_API_KEY is set"),
        ({"OPENAI_BASE_URL": "http://h/v1"}, None, defaults.MODEL, "base_url is set by OPENAI_BASE_URL"),
        (
            {"OPENAI_API_KEY": " "},
            None,
            "extractive",
            "no model is named, and neither OPENAI_API_KEY nor OPENAI_BASE_URL is set",
        ),
    ],
)
def test_the_model_is_chosen_and_the_reason_said(
    variables: dict[str, str], given: str | None, model: str, reason: str
) -> None:
    settings = read_settings(environ=environ(**variables), model=given)
    assert choose_model(settings, environ(**variables)) == (model, reason)


@pytest.mark.parametrize(
    "place",
    [
        "redis+tls://:Pa55word@host:6379/0",
        "REDIS+TLS://user:Pa55word@host",
        "redis:/:Pa55word@host",
        "redis:user:Pa55word@host",
        "valkey://:Pa55word@host",
        "https://user:Pa55word@host/cache",
        "sqlite:///home/Pa55word.sqlite",
        "postgres://h/Pa55word",
    ],
)
def test_a_cache_at_another_address_is_refused_and_its_password_stays_secret(place: str) -> None:
    with pytest.raises(ConfigError, match="cannot be at an address that begins with") as caught:
        _ = read_settings(environ={}, cache=place).cache_place
    assert "Pa55word" not in str(caught.value)


@pytest.mark.parametrize("place", ["C:\\cache.sqlite", "a/redis:b", "cache.sqlite", "~/x@y.sqlite"])
def test_a_cache_file_may_have_any_name(place: str) -> None:
    assert isinstance(read_settings(environ={}, cache=place).cache_place, Path)


@pytest.mark.parametrize(
    "address",
    [
        "https://user:Pa55word@host/v1",
        "http://Pa55word@host",
        "https://user:Pa55@word@host/v1",
        "https://:Pa55word@host:8080",
        "ftp://user:Pa55word@host",
    ],
)
def test_an_address_with_a_password_is_refused_and_stays_secret(address: str) -> None:
    for given, environ in (({"base_url": address}, {}), ({}, {"OPENAI_BASE_URL": address})):
        with pytest.raises(ConfigError, match="without user and password") as caught:
            read_settings(environ=environ, **given)
        assert "Pa55" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["http://h", "http://h/", "https://h:1/a@b", "http://[::1]:8/v1?x=@", "https://h?a@b"]
)
def test_an_address_may_have_the_sign_behind_its_host(address: str) -> None:
    assert read_settings(environ={}, base_url=address).base_url == address
