"""The database's side of an index: who may touch a partition, and artists who begin at the same moment."""

import threading
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from personas.corpus import indexes
from personas.models import CorpusIndex
from tenancy.context import tenant
from tenancy.models import Artist
from tests.corpus.scripted import Models
from tests.corpus.shelf import chunks, write
from tests.factories import make_artist

Superuser = psycopg.Connection[Any]


def partition(artist: Artist) -> str:
    with tenant(artist.id):
        return f"personas_chunk_{indexes.locked().pk.hex}"


@pytest.mark.parametrize("role", ["default", "system", "owner"])
@pytest.mark.parametrize(
    "deed", ["select 1 from {}", "delete from {}", "update {} set title = 'taken'", "truncate {}", "drop table {}"]
)
def test_a_partition_is_reached_through_its_table_alone(
    artist: Artist, superuser_db: Superuser, role: str, deed: str
) -> None:
    """The owner may drop and truncate, as owners may; her rows she does not see either."""
    document = write(artist, "She wrote it on a ferry.")
    name = sql.Identifier(partition(artist))
    with superuser_db.transaction(force_rollback=True):
        superuser_db.execute(sql.SQL("set local role {}").format(sql.Identifier(str(settings.DATABASES[role]["USER"]))))
        superuser_db.execute("select set_config('app.artist_id', %s, true)", [str(artist.id)])
        statement = sql.SQL(deed).format(*[name] * deed.count("{}"))
        if role == "owner":
            if not deed.startswith(("drop", "truncate")):
                assert superuser_db.execute(statement).rowcount == 0
        else:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                superuser_db.execute(statement)
    assert len(chunks(document)) == 1


def test_the_words_of_another_artists_index_are_not_told(artist: Artist) -> None:
    stranger = make_artist()
    write(stranger, "She wrote it on a ferry.")
    with tenant(stranger.id):
        theirs = indexes.locked().pk
    ask = "select count(*) from personas_corpus_words(%s, array['ferri'], 300)"
    for scope, found in ((stranger, 1), (artist, 0)):
        with tenant(scope.id), connection.cursor() as cursor:
            cursor.execute(ask, [theirs])
            assert cursor.fetchone() == (found,)


def test_first_documents_at_once_of_one_artist_and_of_several_are_all_taken(models: Models) -> None:
    artists = [make_artist() for _ in range(4)]
    gate, failed = threading.Barrier(8), []

    def begin(artist: Artist, text: str) -> None:
        gate.wait()
        try:
            write(artist, text)
        except Exception as error:
            failed.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=(each, f"Ferry {n}.")) for each in artists for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for artist in artists:
        with tenant(artist.id):
            serving = CorpusIndex.objects.get()
            assert indexes.chunks(serving).count() == 2
