"""Tables that belong to no app: the outbox, the change feed, the audit chain, the scheduler's lease.

The kernel imports no app, so `artist_id` is a plain column here; row security holds it all the same.
"""

from django.db import models

from companion.kernel.ids import new_id


class OutboxEvent(models.Model):
    """Written in the transaction of what it tells of; the relay hands it on once that has committed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    artist_id = models.UUIDField(null=True)
    topic = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="outbox_waiting", condition=models.Q(delivered_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"


class Change(models.Model):
    """One row of the change feed (changes.py): topic and key of what every process should look at again."""

    app_privileges = "select, insert"

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class AuditNote(models.Model):
    """An entry on its way into the chain: inserted with the change that it tells of, taken by the one appender."""

    app_privileges = "insert"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    artist_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    subject = models.UUIDField(null=True, help_text="the person whom the content is about; their key seals it")
    content = models.JSONField()

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditEntry(models.Model):
    """A link of the hash chain. It commits to its content without holding it (audit.py)."""

    app_privileges = "select"
    system_privileges = "select, insert"

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    artist_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    commitment = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "audit entries"
        # Each filter of the log's page, newest first; without one, the first serves.
        indexes = [
            models.Index(fields=["artist_id", "-seq"], name="auditentry_newest"),
            models.Index(fields=["artist_id", "actor", "-seq"], name="auditentry_by_actor"),
            models.Index(fields=["artist_id", "action", "-seq"], name="auditentry_by_action"),
            models.Index(fields=["artist_id", "object_type", "-seq"], name="auditentry_by_type"),
            models.Index(fields=["artist_id", "object_id", "-seq"], name="auditentry_by_object"),
            models.Index(fields=["artist_id", "at"], name="auditentry_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditKey(models.Model):
    """The key of one person's audit contents, wrapped by a key from the environment. Deleting the row erases them."""

    app_privileges = "select"

    person = models.UUIDField(primary_key=True, help_text="all zeros: contents about nobody")
    wrapped = models.BinaryField()

    def __str__(self) -> str:
        return str(self.person)


class AuditContent(models.Model):
    """Salt and content of an entry, sealed under its person's key."""

    app_privileges = "select"

    seq = models.BigIntegerField(primary_key=True)
    artist_id = models.UUIDField(null=True)
    person = models.UUIDField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.seq)


class AuditHead(models.Model):
    """Count and hash of the chain's last link, signed. Its row lock makes the appender the only one."""

    app_privileges = "select"

    id = models.SmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.count} entries"


class AuditCheck(models.Model):
    """How far the chain has been verified (audit_check.py): `position` entries, the last of which has `hash`.

    `whole_at` is when the check last stood at the chain's head, `broken` what it found instead.
    """

    app_privileges = "select"

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)
    hash = models.BinaryField(max_length=32)
    began_at = models.DateTimeField(null=True)
    whole_at = models.DateTimeField(null=True)
    took_ms = models.BigIntegerField(default=0)
    broken = models.CharField(max_length=200, blank=True)
    broken_seq = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"verified up to {self.position}"


class Lease(models.Model):
    """Who may do a job that only one process may do. `fence` grows with each new holder, never with a renewal."""

    name = models.CharField(primary_key=True, max_length=40)
    holder = models.CharField(max_length=80)
    fence = models.BigIntegerField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} #{self.fence}"
