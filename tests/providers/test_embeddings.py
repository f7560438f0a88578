"""Embeddings: one contract for every model, then what each is good for."""

import asyncio
import hashlib
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from bench.upstream import ScriptedUpstream
from companion.kernel.breaker import Breaker, State
from companion.local import models
from companion.providers import errors
from companion.providers.config import ConfigurationError, ProviderConfig, ProvidersConfig
from companion.providers.embeddings import minilm, offline
from companion.providers.embeddings.base import STORED_DIMENSIONS, Embedder, to_halfvec1024, to_row, unit_length
from companion.providers.embeddings.hashing import HashingEmbedder
from companion.providers.embeddings.offline import MiniLMEmbedder
from companion.providers.embeddings.openai import BATCH, OpenAIEmbedder
from companion.providers.embeddings.registry import build_embedder, build_embedder_of, model_of_settings
from tests.providers.fakes import FixedClock

TEXTS = ("I love my dog", "the tour bus broke down", "", "안녕하세요", "👩‍👩‍👧‍👦 family", "word " * 3_000)

# What was said, and another way to say it.
PARAPHRASES = (
    ("My dog is called Pixel", "the name of my puppy"),
    ("I have an exam in chemistry on Friday", "a test at school is coming up"),
    ("My birthday is on the third of May", "the day I was born"),
    ("I moved to Lisbon last year", "which city do I live in"),
    ("I am scared of flying", "afraid of aeroplanes"),
    ("I play the cello in an orchestra", "my musical instrument"),
    ("My grandmother is in hospital", "a relative is ill"),
    ("I do not eat meat", "I am a vegetarian"),
    ("I work nights as a nurse", "what my job is"),
    ("My brother got married in June", "a wedding in the family"),
    ("I cannot sleep before concerts", "insomnia ahead of a show"),
    ("I am saving up for a synthesiser", "putting money aside for a keyboard"),
)


@pytest_asyncio.fixture
async def over_http(config: ProvidersConfig, clock: FixedClock) -> AsyncIterator[OpenAIEmbedder]:
    embedder = OpenAIEmbedder(config, Breaker("test:embeddings", clock, failures=2))
    yield embedder
    await embedder.aclose()


@pytest.fixture(params=["offline", "hashing", "openai"])
def embedder(request: pytest.FixtureRequest, config: ProvidersConfig, over_http: OpenAIEmbedder) -> Embedder:
    builders: dict[str, Callable[[], Embedder]] = {
        "offline": lambda: offline.build(config),
        "hashing": HashingEmbedder,
        "openai": lambda: over_http,
    }
    return builders[request.param]()


async def test_each_text_has_a_row_of_unit_length_in_its_order(embedder: Embedder) -> None:
    texts = [text for text in TEXTS if text]
    together = await embedder.embed(texts)
    assert together.dtype == np.float32
    assert together.shape == (len(texts), embedder.dimensions)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-3)
    for text, row in zip(texts, together, strict=True):
        assert np.allclose((await embedder.embed([text]))[0], row, atol=1e-6)


async def test_no_texts_are_no_rows_and_an_empty_text_is_one(embedder: Embedder) -> None:
    assert len(await embedder.embed([])) == 0
    assert np.isfinite(await embedder.embed([""])).all()


async def test_callers_at_the_same_time_get_their_own(embedder: Embedder) -> None:
    alone = [(await embedder.embed([text]))[0] for text in TEXTS]
    together = await asyncio.gather(*(embedder.embed([text]) for text in TEXTS))
    assert all(np.allclose(one, rows[0], atol=1e-5) for one, rows in zip(alone, together, strict=True))


def test_one_embedder_serves_one_event_loop_after_another(models_dir: Path) -> None:
    embedder = offline.build(ProvidersConfig(models_dir))
    first = asyncio.run(embedder.embed(["hello"]))
    assert np.array_equal(asyncio.run(embedder.embed(["hello"])), first)


async def test_it_says_who_it_is_and_its_vectors_fit_the_column(embedder: Embedder) -> None:
    vector = (await embedder.embed(["hello"]))[0]
    assert embedder.name
    assert embedder.model
    stored = to_halfvec1024(vector)
    assert stored.dimensions() == STORED_DIMENSIONS
    assert np.allclose(stored.to_numpy()[: len(vector)], vector, atol=1e-3)
    assert not stored.to_numpy()[len(vector) :].any()


@pytest.mark.parametrize("numbers", [384, 1024])
def test_a_stored_vector_keeps_its_length_to_seven_digits(numbers: int) -> None:
    chance = np.random.default_rng(5)
    for vector in unit_length(chance.normal(size=(50, numbers)).astype(np.float32)):
        stored = to_row(vector).to_numpy()[:numbers].astype(np.float64)
        assert abs(np.linalg.norm(stored) - np.linalg.norm(vector.astype(np.float64))) < 1e-7
        assert np.allclose(stored, vector, atol=3e-4)


async def test_it_is_checked_at_boot_and_can_be_closed_and_used_again(embedder: Embedder) -> None:
    await embedder.check()
    assert 0 < embedder.dimensions <= STORED_DIMENSIONS
    await embedder.aclose()
    assert len(await embedder.embed(["hello"])) == 1


async def test_minilm_finds_what_was_meant_where_letters_do_not(config: ProvidersConfig) -> None:
    async def found(embedder: Embedder) -> int:
        said = await embedder.embed([fact for fact, _ in PARAPHRASES])
        asked = await embedder.embed([question for _, question in PARAPHRASES])
        nearest = np.argsort(-(asked @ said.T), axis=1)[:, :3]
        return sum(row in nearest[row] for row in range(len(PARAPHRASES)))

    meaning, letters = await found(offline.build(config)), await found(HashingEmbedder())
    assert meaning >= len(PARAPHRASES) - 1
    assert letters < meaning


def test_a_damaged_graph_is_built_anew(models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = models.prepare(models_dir)
    assert good is not None
    built: list[Path] = []

    def build(_weights: Path, graph: Path, _kind: str) -> None:
        built.append(graph)
        graph.write_bytes(good.read_bytes())
        graph.with_suffix(".sha256").write_text(good.with_suffix(".sha256").read_text())

    monkeypatch.setattr(minilm, "_build", build)
    graph = models.prepare(tmp_path)
    assert graph is not None
    models.prepare(tmp_path)
    assert len(built) == 1
    graph.write_bytes(good.read_bytes()[:-1] + b"!")
    models.prepare(tmp_path)
    assert len(built) == 2


def test_each_kind_of_cpu_has_its_graph_and_an_image_has_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(_weights: Path, graph: Path, kind: str) -> None:
        built.append(kind)
        graph.write_bytes(kind.encode())
        graph.with_suffix(".sha256").write_text(hashlib.sha256(kind.encode()).hexdigest())

    monkeypatch.setattr(minilm, "_build", build)
    monkeypatch.setattr(minilm, "multiplies_signed", lambda: False)
    plain = models.prepare(tmp_path, every_cpu=True)
    assert sorted(built) == ["signed", "unsigned"]
    monkeypatch.setattr(minilm, "multiplies_signed", lambda: True)
    fast = models.prepare(tmp_path)
    assert len(built) == 2
    assert [graph.read_text() for graph in (plain, fast) if graph] == ["unsigned", "signed"]


@pytest.mark.parametrize(
    ("machine", "flags", "exact"),
    [
        ("x86_64", "fpu sse2 avx2 avx512f avx512_vnni", True),
        ("x86_64", "fpu sse2 avx2 avx_vnni", True),
        ("x86_64", "fpu sse2 avx2", False),
        ("aarch64", "asimddp", True),
    ],
)
def test_signed_weights_are_for_cpus_that_multiply_them_exactly(
    monkeypatch: pytest.MonkeyPatch, machine: str, flags: str, exact: bool
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr(Path, "read_text", lambda _: f"model name : an avx512_vnni\nflags\t\t: {flags}\n")
    assert minilm.multiplies_signed() is exact


@pytest.mark.skipif(not minilm.multiplies_signed(), reason="signed weights overflow on this CPU")
def test_a_text_has_the_same_vector_by_either_graph(models_dir: Path) -> None:
    folder = minilm.package_folder()
    assert folder is not None
    signed, unsigned = (
        MiniLMEmbedder(minilm.tokenizer_file(folder), minilm.ensure_graph(folder, models_dir, signed=kind))
        for kind in (True, False)
    )
    for output in (MiniLMEmbedder.embed, MiniLMEmbedder.middle):
        assert np.array_equal(asyncio.run(output(signed, TEXTS)), asyncio.run(output(unsigned, TEXTS)))


def test_weights_that_are_not_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(minilm.ModelDamaged, match="not the pinned file"):
        minilm.ensure_graph(tmp_path, tmp_path)
    assert list((tmp_path / "models").glob("*.onnx")) == []


def test_a_build_that_fails_says_why_and_leaves_no_graph(tmp_path: Path) -> None:
    graph = tmp_path / "graph.onnx"
    with pytest.raises(minilm.ModelDamaged, match="could not be built"):
        minilm._build(tmp_path / "missing.safetensors", graph, "signed")
    assert not graph.exists()


def test_without_the_package_hashed_n_grams_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(minilm, "package_folder", lambda: None)
    embedder = offline.build(ProvidersConfig(tmp_path))
    assert embedder.name == "offline"
    assert "hashed" in embedder.model
    assert "not installed" in embedder.model
    assert models.prepare(tmp_path) is None


@pytest.mark.parametrize(
    ("play", "error"),
    [
        ("429", errors.RateLimited),
        ("500", errors.ServerError),
        ("401", errors.Misconfigured),
        ("400", errors.Rejected),
        ("reset", errors.Refused),
        ("garbage", errors.Garbage),
        ("html", errors.Garbage),
        ("empty", errors.Garbage),
    ],
)
async def test_each_failure_of_the_upstream_has_its_error(
    over_http: OpenAIEmbedder, upstream: ScriptedUpstream, play: str, error: type[errors.ProviderError]
) -> None:
    upstream.play(play)
    with pytest.raises(error):
        await over_http.embed(["hello"])
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("play", ["400", "500"])
async def test_no_word_of_the_upstreams_answer_is_in_the_traceback(
    over_http: OpenAIEmbedder, upstream: ScriptedUpstream, play: str
) -> None:
    """It may quote what it was asked, and logs and failed jobs keep tracebacks."""
    upstream.play(play)
    with pytest.raises(errors.ProviderError) as caught:
        await over_http.embed(["hello"])
    assert "scripted" not in "".join(traceback.format_exception(caught.value))


async def test_its_breaker_opens_and_then_nothing_is_asked(
    config: ProvidersConfig, upstream: ScriptedUpstream, clock: FixedClock
) -> None:
    breaker = Breaker("test:embeddings", clock, failures=2)
    embedder = OpenAIEmbedder(config, breaker)
    upstream.play("500", "500")
    for _ in range(2):
        with pytest.raises(errors.ServerError):
            await embedder.embed(["hello"])
    assert breaker.state is State.OPEN
    with pytest.raises(errors.BreakerOpen):
        await embedder.embed(["hello"])
    assert len(upstream.requests) == 2
    await embedder.aclose()


async def test_a_large_corpus_goes_in_batches(over_http: OpenAIEmbedder, upstream: ScriptedUpstream) -> None:
    assert len(await over_http.embed(["text"] * (BATCH + 1))) == BATCH + 1
    assert [len(body["input"]) for body in upstream.requests] == [BATCH, 1]


async def test_openais_own_models_are_asked_for_vectors_that_fit(
    config: ProvidersConfig, upstream: ScriptedUpstream, clock: FixedClock
) -> None:
    embedder = OpenAIEmbedder(with_model(config, "text-embedding-3-large"), Breaker("test:embeddings", clock))
    assert embedder.dimensions == STORED_DIMENSIONS
    assert (await embedder.embed(["hello"])).shape == (1, STORED_DIMENSIONS)
    assert upstream.requests[0]["dimensions"] == STORED_DIMENSIONS
    await embedder.aclose()


async def test_vectors_that_are_too_long_are_refused_at_boot(
    config: ProvidersConfig, upstream: ScriptedUpstream, over_http: OpenAIEmbedder
) -> None:
    with pytest.raises(ConfigurationError, match="1536"):
        build_embedder(with_model(config, "text-embedding-ada-002"))
    assert upstream.requests == []
    upstream.pace.dimensions = STORED_DIMENSIONS + 1
    with pytest.raises(ConfigurationError, match="1025"):
        await over_http.check()
    with pytest.raises(ValueError, match="does not fit"):
        to_halfvec1024([0.0] * (STORED_DIMENSIONS + 1))


async def test_an_upstream_that_is_away_does_not_stop_the_boot(
    over_http: OpenAIEmbedder, upstream: ScriptedUpstream
) -> None:
    upstream.play("500")
    await over_http.check()
    assert over_http.dimensions == 0
    await over_http.check()
    assert over_http.dimensions == 384


async def test_a_model_that_changes_its_length_is_refused(
    over_http: OpenAIEmbedder, upstream: ScriptedUpstream
) -> None:
    await over_http.embed(["hello"])
    upstream.pace.dimensions = 512
    with pytest.raises(errors.Misconfigured):
        await over_http.embed(["hello"])


@pytest.mark.parametrize(
    ("own", "names"),
    [
        (ProviderConfig("nobody"), "COMPANION_EMBEDDINGS must be one of offline, openai"),
        (ProviderConfig("openai", "http://127.0.0.1:1/v1"), "COMPANION_EMBEDDINGS_MODEL"),
        (ProviderConfig("openai", model="bge-m3"), "COMPANION_EMBEDDINGS_API_KEY"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, own: ProviderConfig, names: str) -> None:
    with pytest.raises(ConfigurationError, match=names):
        build_embedder(ProvidersConfig(tmp_path, {"EMBEDDINGS": own}))


def with_model(config: ProvidersConfig, model: str) -> ProvidersConfig:
    own = replace(config.pipeline("EMBEDDINGS"), model=model)
    return replace(config, pipelines={**config.pipelines, "EMBEDDINGS": own})


@pytest.mark.parametrize("name", ["offline", "openai"])
def test_the_settings_name_the_model_that_is_built(config: ProvidersConfig, name: str) -> None:
    own = replace(config.pipeline("EMBEDDINGS"), name=name)
    chosen = replace(config, pipelines={**config.pipelines, "EMBEDDINGS": own})
    built = build_embedder(chosen)
    assert model_of_settings(chosen) == (built.name, built.model)


def test_a_model_of_before_is_built_as_far_as_the_settings_reach(config: ProvidersConfig) -> None:
    """The server of now under another model's name; the model of the package; but no vendor without its key."""
    other = build_embedder_of(config, "openai", "another-model")
    assert other is not None
    assert (other.name, other.model) == ("openai", "another-model")
    local = build_embedder_of(config, "offline", minilm.MODEL)
    assert local is not None
    assert local.model == minilm.MODEL
    assert build_embedder_of(config, "offline", "a model of an older package") is None
    keyless = replace(config, pipelines={"EMBEDDINGS": ProviderConfig("offline")})
    assert build_embedder_of(keyless, "openai", "text-embedding-3-small") is None
    assert build_embedder_of(keyless, "nobody", "a-model") is None
