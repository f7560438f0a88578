"""Documents and their chunks take the place of passages (docs/adr/0013).

personas_chunk is partitioned by index. The application's role may not make a partition, nor use a text index under row
security, nor truncate: three functions of the owner do just that, for the artist in scope.

The table of passages stays, for the version that still serves; a later migration drops it.
"""

import django.db.models.deletion
import pgvector.django.halfvec
from django.conf import settings
from django.db import migrations, models

import companion.kernel.ids
from tenancy.operations import app_role, wall

OWNER = str(settings.DATABASES["owner"]["USER"])
SYSTEM = str(settings.DATABASES["system"]["USER"])
ID = models.UUIDField(default=companion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)
KINDS = [
    ("interview", "Interview"),
    ("phrase", "Phrase"),
    ("topic", "Topic"),
    ("pet_peeve", "pet peeve"),
    ("lyric", "Lyric"),
    ("fact", "Fact"),
]
STATES = [
    ("uploaded", "Uploaded"),
    ("parsing", "Parsing"),
    ("embedding", "Embedding"),
    ("ready", "Ready"),
    ("failed", "Failed"),
]
INDEX_STATES = [("serving", "Serving"), ("building", "Building"), ("empty", "Empty")]
BASE = {"abstract": False, "base_manager_name": "objects"}
INDEX, DOCUMENT = ("index_id", "personas_corpusindex"), ("document_id", "personas_document")


def artist() -> models.ForeignKey:
    return models.ForeignKey(
        editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.artist"
    )


def of_artist(model: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model, models.UniqueConstraint(fields=("artist", "id"), name=f"personas_{model}_artist_id_key")
    )


def one(state: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        "corpusindex",
        models.UniqueConstraint(
            condition=models.Q(("state", state)), fields=("artist",), name=f"personas_corpusindex_one_{state}"
        ),
    )


# Vectors in the row (stack.md: TOAST costs four times) and the rest beside them, up to a page.
CHUNKS = """
create table personas_chunk (
 id uuid not null,
 artist_id uuid not null references tenancy_artist (id) deferrable initially deferred,
 index_id uuid not null,
 document_id uuid not null,
 ordinal integer not null check (ordinal >= 0),
 title varchar(160) not null,
 text text not null,
 embedding halfvec(1024) storage plain,
 lexemes tsvector not null generated always as (to_tsvector('english'::regconfig, title || '. ' || text)) stored,
 primary key (index_id, id),
 constraint personas_chunk_ordinal unique (index_id, document_id, ordinal)
) partition by list (index_id);
create index personas_chunk_near on personas_chunk using hnsw (embedding halfvec_cosine_ops);
create index personas_chunk_lexemes on personas_chunk using gin (lexemes) with (fastupdate = off);
"""
SCOPE = "nullif(current_setting('app.artist_id', true), '')::uuid"
# Locks first and in this order: attaching asks for them, and whoever had written before would deadlock with another.
NEW_INDEX = f"""
create function personas_new_corpus_index(wanted text) returns uuid
language plpgsql security definer set search_path = public, pg_temp as $$
declare
 mine uuid := {SCOPE};
 made uuid := gen_random_uuid();
 part text := 'personas_chunk_' || replace(made::text, '-', '');
begin
 lock table tenancy_artist, personas_document, personas_corpusindex in share row exclusive mode;
 if exists (select from personas_corpusindex where artist_id = mine and state = wanted) then
  return (select id from personas_corpusindex where artist_id = mine and state = wanted);
 end if;
 insert into personas_corpusindex (id, artist_id, state, provider, model, changed_at)
  values (made, mine, wanted, '', '', now());
 execute format('create table %I (like personas_chunk including all) with (toast_tuple_target = 8160)', part);
 execute format('alter table %I enable row level security', part);
 execute format('alter table %I force row level security', part);
 execute format('revoke all on %I from {app_role()}, {SYSTEM}', part);
 execute format('alter table personas_chunk attach partition %I for values in (%L)', part, made);
 return made;
end $$;
"""
EMPTY_INDEX = f"""
create function personas_empty_corpus_index(unused uuid) returns void
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '3s' as $$
begin
 if exists (select from personas_corpusindex where id = unused and artist_id = {SCOPE} and state = 'empty') then
  execute format('truncate %I', 'personas_chunk_' || replace(unused::text, '-', ''));
 end if;
end $$;
"""
# By execute, so that each search is planned for its own partition. A term in `most` rows or more has none; of one in
# thousands GIN counts up some, which tells as much and costs less.
WORDS = f"""
create function personas_corpus_words(wanted uuid, terms text[], most integer)
returns table (term text, id uuid, document_id uuid, weight real)
language plpgsql stable rows 500 security definer set search_path = public, pg_temp
 set gin_fuzzy_search_limit = 2000 as $$
begin
 return query execute $words$
  select asked.term, c.id, c.document_id, c.weight
  from (select t term, quote_literal(t)::tsquery query from unnest($2) t) asked
  cross join lateral (
   with hits as materialized (
    select id, document_id, lexemes from personas_chunk
    where index_id = $1 and artist_id = $3 and lexemes @@ asked.query limit $4)
   select id, document_id, ts_rank(lexemes, asked.query, 1) weight from hits
   where (select count(*) from hits) < $4) c
 $words$ using wanted, terms, {SCOPE}, most;
end $$;
"""
FUNCTIONS = (
    ("personas_new_corpus_index(text)", NEW_INDEX),
    ("personas_empty_corpus_index(uuid)", EMPTY_INDEX),
    ("personas_corpus_words(uuid, text[], integer)", WORDS),
)
GRANTED = "revoke all on function {0} from public; grant execute on function {0} to {1}, {2};"
# The owner reads every artist's chunks, or the words' function could use no index; it asks for one artist's alone.
OWNER_READS = f"create policy words on personas_chunk for select to {OWNER} using (true)"
# A passage becomes a document of one chunk, with the vector that it has if it is of the artist's usual model.
MOVE = """
do $$
declare her uuid; made uuid; usual text;
begin
 for her in select id from tenancy_artist loop
  perform set_config('app.artist_id', her::text, true);
  continue when not exists (select from personas_corpuspassage where artist_id = her);
  set constraints all immediate;
  made := personas_new_corpus_index('serving');
  select coalesce(mode() within group (order by embedding_model), '') into usual
   from personas_corpuspassage where artist_id = her and embedding_model <> '';
  update personas_corpusindex set model = usual, provider = case when usual = '' then ''
   when usual like 'all-MiniLM%' or usual like 'hashed-%' then 'offline' else 'openai' end where id = made;
  insert into personas_document (id, artist_id, kind, title, text, source, licence_note, language, minimum_tier,
   active, state, failure, chunk_count, file_name, file_type, file_sha256, file_size, created_at, changed_at)
  select id, artist_id, kind, title, text, source, '', 'en', 0, active,
   case when embedding_model = usual and usual <> '' then 'ready' else 'embedding' end, '', 1, '', '', '', 0,
   changed_at, changed_at from personas_corpuspassage where artist_id = her;
  insert into personas_chunk (id, artist_id, index_id, document_id, ordinal, title, text, embedding)
  select gen_random_uuid(), artist_id, made, id, 0, title, text,
   case when embedding_model = usual then embedding end from personas_corpuspassage where artist_id = her;
  insert into kernel_outboxevent (id, topic, payload, artist_id, created_at)
  select gen_random_uuid(), 'corpus.written', jsonb_build_object('artist_id', her, 'document_id', id), her, now()
   from personas_document where artist_id = her and state = 'embedding';
 end loop;
 perform set_config('app.artist_id', '', true);
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("personas", "0003_walls"), ("tenancy", "0005_fan_newest"), ("kernel", "0003_auditcheck")]

    operations = [
        migrations.CreateModel(
            name="CorpusIndex",
            fields=[
                ("id", ID),
                ("state", models.CharField(choices=INDEX_STATES, max_length=8)),
                ("provider", models.CharField(blank=True, max_length=20)),
                ("model", models.CharField(blank=True, max_length=120)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("artist", artist()),
            ],
            options=BASE | {"verbose_name_plural": "corpus indexes"},
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", ID),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("title", models.CharField(max_length=160)),
                ("text", models.TextField(blank=True, max_length=20000)),
                ("source", models.CharField(blank=True, help_text="where it is from", max_length=200)),
                ("licence_note", models.CharField(blank=True, help_text="what allows us to use it", max_length=500)),
                ("language", models.CharField(default="en", help_text="a code such as en or es", max_length=12)),
                (
                    "embargo_until",
                    models.DateTimeField(blank=True, help_text="in UTC; until then she knows nothing of it", null=True),
                ),
                (
                    "minimum_tier",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0: for every fan; until there are plans, all fans have 0"
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("state", models.CharField(choices=STATES, default="embedding", editable=False, max_length=10)),
                (
                    "failure",
                    models.CharField(blank=True, editable=False, help_text="a code of failures.py", max_length=20),
                ),
                ("chunk_count", models.PositiveIntegerField(default=0, editable=False)),
                ("file_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "file_type",
                    models.CharField(blank=True, editable=False, help_text="a type of files.py", max_length=4),
                ),
                ("file_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("file_size", models.PositiveIntegerField(default=0, editable=False, help_text="bytes")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("artist", artist()),
            ],
            options=BASE | {"ordering": ["title", "id"]},
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", ID),
                ("content", models.BinaryField()),
                ("artist", artist()),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="personas.document",
                    ),
                ),
            ],
            options=BASE,
        ),
        of_artist("corpusindex"),
        of_artist("document"),
        of_artist("upload"),
        one("serving"),
        one("building"),
        migrations.AddIndex(
            "document", models.Index(fields=["artist", "title", "id"], name="personas_document_title")
        ),
        migrations.AddConstraint(
            "upload", models.UniqueConstraint(fields=("artist", "document"), name="personas_upload_one_a_document")
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CHUNKS, "drop table personas_chunk")],
            state_operations=[
                migrations.CreateModel(
                    name="Chunk",
                    fields=[
                        ("id", ID),
                        ("ordinal", models.PositiveIntegerField()),
                        ("title", models.CharField(max_length=160)),
                        ("text", models.TextField()),
                        ("embedding", pgvector.django.halfvec.HalfVectorField(dimensions=1024, null=True)),
                        ("artist", artist()),
                        (
                            "index",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="personas.corpusindex",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="personas.document",
                            ),
                        ),
                    ],
                    options=BASE | {"ordering": ["ordinal"]},
                ),
                migrations.AddConstraint(
                    "chunk",
                    models.UniqueConstraint(
                        fields=("index", "document", "ordinal"), name="personas_chunk_ordinal"
                    ),
                ),
                migrations.DeleteModel(name="CorpusPassage"),
            ],
        ),
        wall("personas_corpusindex"),
        wall("personas_document"),
        wall("personas_upload", same_tenant=[DOCUMENT]),
        wall("personas_chunk", same_tenant=[INDEX, DOCUMENT]),
        migrations.RunSQL(OWNER_READS, "drop policy words on personas_chunk"),
        *[
            migrations.RunSQL(made + GRANTED.format(name, app_role(), SYSTEM), f"drop function {name}")
            for name, made in FUNCTIONS
        ],
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
    ]
