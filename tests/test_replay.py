"""A recorded draft is played back, read as a model's answer would be."""

import asyncio
import json
from pathlib import Path

import pytest

from summarizer.engines.replay import ReplayEngine
from summarizer.errors import ConfigError, InvalidDraft
from summarizer.protocols import Engine
from summarizer.schema import Article, Draft, Passage

PASSAGE = Passage(article=Article(text="x"), start=0, end=1, output_language="en")
GOOD = {"takeaways": [{"text": "T", "quotes": ["q"]}], "partnerships": []}


def played(engine: Engine) -> Draft:
    return asyncio.run(engine.draft(PASSAGE))


def test_recording_on_disk_is_played(tmp_path: Path) -> None:
    path = tmp_path / "draft.json"
    path.write_text(json.dumps(GOOD))
    engine = ReplayEngine(path)
    assert played(engine) == Draft.model_validate(GOOD)
    assert played(engine).usage.calls == 0 and played(engine).usage.cost_usd == 0
    assert engine.model == "replay" and engine.prompt is None
    asyncio.run(engine.aclose())


def test_draft_and_mapping_are_played_alike() -> None:
    draft = Draft.model_validate(GOOD)
    assert played(ReplayEngine(draft)) == played(ReplayEngine(GOOD)) == draft
    assert ReplayEngine(draft).identity == ReplayEngine(GOOD).identity != ReplayEngine(Draft()).identity


def test_malformed_item_costs_none_of_its_siblings() -> None:
    draft = played(ReplayEngine({"takeaways": [{"text": "T", "quotes": ["q"]}, {"text": "no quotes"}]}))
    assert len(draft.takeaways) == 1
    assert [item.kind for item in draft.usage.malformed] == ["takeaway"]


def test_recording_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        ReplayEngine(tmp_path / "none.json")
    for content in ("nonsense", "[]"):
        path = tmp_path / "bad.json"
        path.write_text(content)
        with pytest.raises(InvalidDraft, match=r"bad\.json"):
            ReplayEngine(path)
