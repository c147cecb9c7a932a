"""Rows, and tables of the user's own, as tenancy comes and goes."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from tests.lifecycle import billing
from tests.lifecycle.databases import Database, alembic, python, run, schema_of
from tests.lifecycle.lived import append, replace
from tests.support.terminal import Forge

both = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)

USER = UUID(int=7).hex
ROWS = (
    "INSERT INTO users (id, email, password_hash, disabled, created_at)"
    f" VALUES ('{USER}', 'a@example.com', 'x', false, CURRENT_TIMESTAMP)",
    f"INSERT INTO user_roles (user_id, role) VALUES ('{USER}', 'admin')",
    f"INSERT INTO invoices (id, number, cents, user_id) VALUES (1, 'A-1', 5, '{USER}')",
    f"INSERT INTO invoices (id, number, cents, user_id) VALUES (2, 'A-2', 6, '{USER}')",
    "INSERT INTO payments (id, invoice_id) VALUES (1, 1)",
)
COUNTED = ("users", "user_roles", "invoices", "payments")
ALL = {"users": 1, "user_roles": 1, "invoices": 2, "payments": 1}
NONE = dict.fromkeys(COUNTED, 0)
SETTINGS = """CREATE TABLE settings (
    tenant_id {uuid} NOT NULL REFERENCES tenants (id),
    name VARCHAR(20) NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (tenant_id, name)
)"""
OWNED_TABLES = "tests/db/test_owned_tables.py"


class Bills:
    """A lived-in project with users and bills, and its database with rows."""

    def __init__(self, forge: Forge, url: str) -> None:
        self.forge, self.url = forge, url
        kind = "sqlite" if url.startswith("sqlite") else "postgres"
        self.project = forge.new("--with-auth", "--database", kind)
        (head,) = forge("status", "--json", cwd=self.project).data["migration_heads"]
        billing.write(self.project, head)
        self.alembic("upgrade head")
        self.before = schema_of(url)
        run(url, *ROWS)

    def verb(self, *words: str) -> tuple[str, list[str]]:
        """Run forge; what it says in one line, and the next steps."""
        result = self.forge(*words, cwd=self.project)
        steps = [step.removeprefix("uv run ") for step in result.steps if step != "uv lock"]
        return " ".join(result.err.split()), steps

    def alembic(self, *commands: str) -> str:
        return alembic(self.project, self.url, *commands).stdout

    def test(self, path: str, *, succeeds: bool) -> str:
        options = ("-m", "pytest", "-vv", "-p", "no:cacheprovider")
        return python(self.project, self.url, *options, path, succeeds=succeeds).stdout

    def change_keys(self) -> None:
        """Write the keys that tenants want, and their revision."""
        billing.keys_of_tenants(self.project)
        self.alembic("revision --autogenerate -m keys", "upgrade head", "check")

    def tenant(self, slug: str) -> str:
        return str(run(self.url, f"SELECT id FROM tenants WHERE slug = '{slug}'")[0][0])

    def as_tenant(self, tenant: str, *statements: str) -> list[list[object]]:
        seen = [f"SELECT set_config('app.tenant', '{tenant}', false)"]
        return run(self.url, *(seen if "postgres" in self.url else ()), *statements)

    def rows(self, slug: str) -> dict[str, object]:
        """How many rows a tenant has."""
        tenant = self.tenant(slug)
        owned = f"WHERE tenant_id = '{tenant}'"
        counts = {t: f"SELECT count(*) FROM {t} {owned}" for t in COUNTED}
        return {table: self.as_tenant(tenant, count)[0][0] for table, count in counts.items()}

    def all_rows(self) -> dict[str, object]:
        return {t: run(self.url, f"SELECT count(*) FROM {t}")[0][0] for t in COUNTED}

    def add_tenant(self, slug: str) -> None:
        values = f"'{uuid4().hex}', '{slug}', 'active', CURRENT_TIMESTAMP"
        run(self.url, f"INSERT INTO tenants (id, slug, status, created_at) VALUES ({values})")

    def add_user(self, slug: str) -> None:
        """A user of that tenant, who has the same address as ours."""
        user, tenant = uuid4().hex, self.tenant(slug)
        self.as_tenant(
            tenant,
            "INSERT INTO users (id, email, password_hash, disabled, created_at, tenant_id)"
            f" VALUES ('{user}', 'a@example.com', 'x', false, CURRENT_TIMESTAMP, '{tenant}')",
            "INSERT INTO user_roles (user_id, role, tenant_id)"
            f" VALUES ('{user}', 'admin', '{tenant}')",
        )


@pytest.fixture
def bills(real: Forge, database: Database) -> Bills:
    return Bills(real, database())


@both
def test_tenancy_comes_and_is_taken_back(bills: Bills) -> None:
    said, steps = bills.verb("add", "tenancy")
    assert "invoices (Invoice in app/billing/models/__init__.py), payments (Payment in" in said
    create = "python -m app.tenancy create acme"
    assert steps[:3] == ["alembic upgrade head", f"pytest -vv {OWNED_TABLES}", create]
    assert "what was there is served at first.TENANCY_BASE_DOMAIN" in steps[3]

    bills.alembic("upgrade head", "check")
    assert bills.rows("first") == ALL
    with pytest.raises(DBAPIError, match="ck_invoices_cents"):
        bills.as_tenant(bills.tenant("first"), "UPDATE invoices SET cents = -1")

    lacking = bills.test(OWNED_TABLES, succeeds=False)
    for key in ("uq_invoices_number", "fk_invoices_user_id_users", "fk_payments_invoice_id"):
        assert key in lacking
    bills.change_keys()
    bills.test(OWNED_TABLES, succeeds=True)
    assert bills.rows("first") == ALL

    bills.alembic("downgrade billing")
    assert bills.all_rows() == ALL
    assert schema_of(bills.url) == bills.before


@both
def test_tenancy_goes_and_mixes_no_rows(bills: Bills) -> None:
    bills.verb("add", "tenancy")
    bills.alembic("upgrade head")
    bills.change_keys()
    bills.add_tenant("acme")
    for slug in ("acme", "-"):
        bills.add_user(slug)
    uuid = "UUID" if bills.url.startswith("postgres") else "CHAR(32)"
    run(bills.url, SETTINGS.format(uuid=uuid))
    there = schema_of(bills.url)

    said, steps = bills.verb("remove", "tenancy")
    assert "stops where several tenants have rows" in said
    mend, upgrade = steps
    assert upgrade == "alembic upgrade head"
    models = "app/billing/models/__init__.py"
    lines = (bills.project / models).read_text().splitlines()
    named = [f"{models}:{n}" for n, line in enumerate(lines, 1) if "tenant_id" in line]
    assert len(named) > 2
    assert mend == f"take `tenant_id` out of {', '.join(named)}"
    assert "your models still name `tenant_id`" in said
    billing.keys_without_tenants(bills.project)
    refused = alembic(bills.project, bills.url, "upgrade head", succeeds=False)
    assert refused.stdout.strip().startswith("FAILED: Several tenants have rows")
    assert "would pool: acme, first." in refused.stdout
    assert "Traceback" not in refused.stderr
    assert schema_of(bills.url) == there
    assert bills.rows("first") == ALL
    assert bills.rows("acme") == bills.rows("-") == {**NONE, "users": 1, "user_roles": 1}

    acme = bills.tenant("acme")
    for table in ("user_roles", "users"):
        bills.as_tenant(acme, f"DELETE FROM {table} WHERE tenant_id = '{acme}'")
    bills.alembic("upgrade head")
    assert schema_of(bills.url).pop("settings")["key"] == ["pk_settings", "name"]
    run(bills.url, "DROP TABLE settings")
    bills.alembic("check")
    assert bills.all_rows() == ALL
    assert schema_of(bills.url) == bills.before

    bills.alembic("downgrade -1")
    assert bills.rows("first") == ALL


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_tables_that_no_revision_creates_are_left_to_the_user(bills: Bills) -> None:
    models = "app/billing/models/__init__.py"
    append(models, '\n\nclass Note(Numbered):\n    __tablename__ = "notes"\n')(bills.project)
    said, steps = bills.verb("add", "tenancy")
    assert "need a revision of yours, since tenancy is in all of them (each row" in said
    assert f"notes (Note in {models})" in said
    assert steps[2] == 'alembic revision --autogenerate -m "add tenancy"'
    bills.alembic("upgrade head", steps[2].removeprefix("alembic "), "upgrade head", "check")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_column_of_that_name_is_the_users_to_rename(bills: Bills) -> None:
    models = "app/billing/models/__init__.py"
    column = "    cents: Mapped[int]\n"
    replace(models, column, f"{column}    tenant_id: Mapped[int]\n")(bills.project)
    said, _ = bills.verb("add", "tenancy")
    assert f"`tenant_id` is tenancy's now; rename yours: invoices (Invoice in {models})" in said


@pytest.mark.parametrize(
    ("kind", "database"), [("database", "sqlite"), ("schema", "postgres")], indirect=["database"]
)
def test_tenants_with_data_apart_keep_tenancy_there(
    real: Forge, database: Database, kind: str
) -> None:
    project, url = real.new("--tenancy", kind), database()
    alembic(project, url, "upgrade head")
    values = f"'{uuid4().hex}', 'acme', 'suspended', CURRENT_TIMESTAMP"
    run(url, f"INSERT INTO tenants (id, slug, status, created_at) VALUES ({values})")
    said = real("remove", "tenancy", cwd=project).err
    assert f"`alembic upgrade head` stops where tenants have {kind}s of their own" in said
    refused = alembic(project, url, "upgrade head", succeeds=False).stdout
    assert refused.startswith(f"FAILED: Tenants have {kind}s of their own: acme.")
    run(url, "UPDATE tenants SET status = 'deleted' WHERE slug = 'acme'")
    alembic(project, url, "upgrade head", "check")
    assert "tenants" not in schema_of(url)
