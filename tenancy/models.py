"""Who there is: artists, users, fans, staff; and what switches a surface off."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from companion.kernel.ids import new_id
from tenancy.managers import PersonalManager, SharedManager, TenantManager

# The status of the artist whom eval_memory makes for as long as it runs. No choice: nobody gives it to an artist.
EVALUATION = "evaluation"


class Artist(models.Model):
    """A tenant. Her public face is readable by all; only her own team writes it."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        SUSPENDED = "suspended"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    pronoun = models.CharField(max_length=20, default="they")
    licensed_by = models.CharField(max_length=120, blank=True)
    minimum_age = models.PositiveSmallIntegerField(default=13)
    accent_hue = models.PositiveSmallIntegerField(default=42, validators=[MaxValueValidator(359)])
    portrait_url = models.URLField(blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    staff_totp_required = models.BooleanField(
        default=False, db_default=False, help_text="her team opens the console with a code as well"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login, across artists. Logs in by e-mail."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")])
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="may open the console; what is there, StaffRole says")
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.email


class UserSession(AbstractBaseSession):
    """A login, in Django's own session table, to which a migration adds these columns (tenancy/sessions.py fills them).

    Django's model of the table goes on working, so a release before this one does too; what it writes has no person
    until the session is saved again.
    """

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=20, default="")
    system = models.CharField(max_length=20, default="")
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(auto_now=True, help_text="an app renews its access each quarter of an hour")

    class Meta:
        managed = False
        db_table = "django_session"

    def save(self, *args: Any, force_update: bool = False, **options: Any) -> None:
        """A session that is saved again keeps the moment of its beginning."""
        if force_update:
            options["update_fields"] = sorted(
                {field.name for field in self._meta.fields} - {"created_at", "session_key"}
            )
        super().save(*args, force_update=force_update, **options)


class TenantModel(models.Model):
    """What every row of a tenant has. Migrations put its table behind `operations.wall`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="+", editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["artist", "id"], name="%(app_label)s_%(class)s_artist_id_key")]


class Fan(TenantModel):
    """A user with one artist. Everything of a fan hangs on this row, never on the user."""

    class Sanction(models.TextChoices):
        NONE = "none"
        MUTED = "muted"
        BANNED = "banned"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="fans")
    joined_at = models.DateTimeField(auto_now_add=True)
    sanction = models.CharField(max_length=8, choices=Sanction, default=Sanction.NONE)
    sanction_until = models.DateTimeField(null=True, blank=True, help_text="empty: until lifted")

    objects: ClassVar[PersonalManager["Fan"]] = PersonalManager()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "user"], name="tenancy_fan_one_per_artist"),
        ]
        indexes = [models.Index(fields=["artist", "-joined_at", "-id"], name="tenancy_fan_newest")]

    def __str__(self) -> str:
        return f"fan {self.id}"


class StaffRole(TenantModel):
    """What a member of an artist's team may do (roles.py)."""

    class Role(models.TextChoices):
        VIEWER = "viewer"
        MODERATOR = "moderator"
        EDITOR = "editor"
        MANAGER = "manager"
        OWNER = "owner"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=10, choices=Role)

    objects: ClassVar[PersonalManager["StaffRole"]] = PersonalManager()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "user"], name="tenancy_staffrole_one_per_artist"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Acknowledgement(TenantModel):
    """A fan has seen a disclosure; proof for the regulator, so it is only ever added."""

    app_privileges = "select, insert"

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    disclosure = models.CharField(max_length=80)
    acknowledged_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "fan", "disclosure"], name="tenancy_acknowledgement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure} by {self.fan_id}"


class FanOwned(TenantModel):
    """A row of one fan."""

    fan = models.ForeignKey(Fan, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta(TenantModel.Meta):
        abstract = True


class KillSwitch(models.Model):
    """A surface, an artist, a provider or everything, switched off with a reason. A row that is on counts."""

    class Scope(models.TextChoices):
        GLOBAL = "global"
        ARTIST = "artist"
        SURFACE = "surface"
        PROVIDER = "provider"

    class Surface(models.TextChoices):
        TEXT = "text"
        VOICE = "voice"
        CALLS = "calls"
        CAMPAIGNS = "campaigns"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    scope = models.CharField(max_length=10, choices=Scope)
    surface = models.CharField(max_length=10, choices=Surface, blank=True)
    provider = models.CharField(max_length=40, blank=True)
    on = models.BooleanField(default=True)
    reason = models.CharField(max_length=300)
    changed_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[SharedManager["KillSwitch"]] = SharedManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "kill switches"
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "artist", "surface", "provider"],
                name="tenancy_killswitch_one_each",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.scope, self.surface, self.provider]))


class SavedFilter(TenantModel):
    """A list's query under a name, for one member of the team or, with `team`, for all of it (console/filters.py).

    Row security shows the private ones to their member alone, named by `app.staff_id`.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=80, help_text="the list's model: app.model")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    team = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["artist", "user", "page", "name"], name="tenancy_savedfilter_one_name"),
        ]

    def __str__(self) -> str:
        return self.name
