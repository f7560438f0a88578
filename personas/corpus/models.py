"""What the team allows her to draw on: documents, their chunks, and the indexes by which chunks are found.

Chunks lie in partitions, one an index. An artist has one index that serves; while her corpus is embedded anew a second
one is built beside it. Partitions come from personas_new_corpus_index (migration 0004), which alone may make them.
"""

from django.db import models
from pgvector.django import HalfVectorField

from companion.providers.embeddings.base import STORED_DIMENSIONS
from personas.contracts import LOWEST_TIER
from tenancy.models import TenantModel

# Characters of a text that is written in the console; the audit log keeps each of its versions.
LONGEST_WRITTEN = 20_000


class Document(TenantModel):
    """A text with its source. Written in the console it stands in `text`; of an upload only the chunks are kept."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview"
        PHRASE = "phrase"
        TOPIC = "topic"
        PET_PEEVE = "pet_peeve", "pet peeve"
        LYRIC = "lyric"
        FACT = "fact"

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        PARSING = "parsing"
        EMBEDDING = "embedding"
        READY = "ready"
        FAILED = "failed"

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=LONGEST_WRITTEN, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="where it is from")
    licence_note = models.CharField(max_length=500, blank=True, help_text="what allows us to use it")
    language = models.CharField(max_length=12, default="en", help_text="a code such as en or es")
    embargo_until = models.DateTimeField(null=True, blank=True, help_text="in UTC; until then she knows nothing of it")
    minimum_tier = models.PositiveSmallIntegerField(
        default=LOWEST_TIER, help_text="0: for every fan; until there are plans, all fans have 0"
    )
    active = models.BooleanField(default=True)

    state = models.CharField(max_length=10, choices=State, default=State.EMBEDDING, editable=False)
    failure = models.CharField(max_length=20, blank=True, editable=False, help_text="a code of failures.py")
    chunk_count = models.PositiveIntegerField(default=0, editable=False)
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    file_type = models.CharField(max_length=4, blank=True, editable=False, help_text="a type of files.py")
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    file_size = models.PositiveIntegerField(default=0, editable=False, help_text="bytes")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["artist", "title", "id"], name="personas_document_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_upload(self) -> bool:
        return bool(self.file_name)


class Upload(TenantModel):
    """The bytes of a file between its upload and its reading, by a worker that may run on another machine."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "document"], name="personas_upload_one_a_document"),
        ]

    def __str__(self) -> str:
        return f"upload of {self.document_id}"


class CorpusIndex(TenantModel):
    """The chunks of an artist under one embedding model. `model` is empty until the first vector is made."""

    app_privileges = "select, update"

    class State(models.TextChoices):
        SERVING = "serving"
        BUILDING = "building"
        # Kept for the next time, with its partition.
        EMPTY = "empty"

    state = models.CharField(max_length=8, choices=State)
    provider = models.CharField(max_length=20, blank=True)
    model = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        verbose_name_plural = "corpus indexes"
        constraints = [
            *TenantModel.Meta.constraints,
            *(
                models.UniqueConstraint(
                    fields=["artist"], condition=models.Q(state=state), name=f"personas_corpusindex_one_{state}"
                )
                for state in ("serving", "building")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.model}"


class Chunk(TenantModel):
    """A stretch of a document as an index holds it. `lexemes`, of title and text, is made by Postgres."""

    index = models.ForeignKey(CorpusIndex, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    document = models.ForeignKey(Document, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    ordinal = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    text = models.TextField()
    embedding = HalfVectorField(dimensions=STORED_DIMENSIONS, null=True)

    class Meta(TenantModel.Meta):
        ordering = ["ordinal"]
        # A key of a partitioned table has the partition's column in it, so there is none over (artist, id).
        constraints = [
            models.UniqueConstraint(fields=["index", "document", "ordinal"], name="personas_chunk_ordinal"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.ordinal}"
