"""User, Team, ApiKey."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from towerdesk.accounts.roles import ROLES
from towerdesk.lib.clock import now
from towerdesk.lib.text import initials


class Team(models.Model):
    """A group of agents that owns tickets. A restricted team's tickets are seen by its members only."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    restricted = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        return self.name[:2].capitalize()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"role": "admin", **fields})


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES], default="agent")
    teams: "models.ManyToManyField[Team, Any]" = models.ManyToManyField(Team, related_name="members", blank=True)
    is_active = models.BooleanField(default=True)
    signature = models.TextField(blank=True)
    minute_rate = models.DecimalField(max_digits=6, decimal_places=2, default=0.75)
    date_joined = models.DateTimeField(default=now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def short(self) -> str:
        return initials(self.name or self.email)


class Halt(models.Model):
    """The assistant is stopped, for the whole desk, from `at` until `lifted_at`. The newest one that is not lifted counts."""

    at = models.DateTimeField(default=now)
    by_name = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=models.Q(lifted_at=None), name="one_halt_at_a_time")
        ]

    def __str__(self) -> str:
        return f"Stopped by {self.by_name}"


class ApiKey(models.Model):
    """A key acts in its own name with the permissions of one role. Only its digest is kept."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)  # hex SHA-256 of the 256-bit random key
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    teams: "models.ManyToManyField[Team, Any]" = models.ManyToManyField(Team, blank=True)
    created_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
