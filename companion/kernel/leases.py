"""Leases: one holder at a time for a job, by a row. Advisory locks do not survive PgBouncer's transaction mode."""

from django.db import connections

TAKE = """
insert into kernel_lease (name, holder, fence, until)
values (%(name)s, %(holder)s, 1, now() + %(seconds)s * interval '1 second')
on conflict (name) do update set
    holder = excluded.holder, until = excluded.until,
    fence = kernel_lease.fence + (kernel_lease.holder <> excluded.holder)::int
where kernel_lease.holder = excluded.holder or kernel_lease.until < now()
returning fence
"""
GIVE_UP = "update kernel_lease set until = now() where name = %s and holder = %s"


def take(name: str, holder: str, seconds: float) -> int | None:
    """Takes or renews the lease; its fencing number, or None while another process holds it."""
    with connections["system"].cursor() as cursor:
        cursor.execute(TAKE, {"name": name, "holder": holder, "seconds": seconds})
        row = cursor.fetchone()
    return int(row[0]) if row else None


def give_up(name: str, holder: str) -> None:
    """Ends the lease at once, so that another process need not wait for it to lapse."""
    with connections["system"].cursor() as cursor:
        cursor.execute(GIVE_UP, [name, holder])
