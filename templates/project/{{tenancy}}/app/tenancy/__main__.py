"""Tenants at the command line: `python -m app.tenancy --help`."""

import argparse
import asyncio
import sys

from app.db.migrations import upgrade
from app.main import create_app
from app.settings import Settings, settings_of
from app.tenancy.models import ACTIVE, NEW, SUSPENDED
from app.tenancy.service import SlugTakenError, TenantError, Tenants
from app.tenancy.storage import opened, provision


def say(line: str) -> None:
    print(line, flush=True)


async def create(tenants: Tenants, slug: str) -> None:
    await upgrade_shared(tenants)
    say(f"{slug}: being made")
    try:
        await tenants.create(slug)
    except SlugTakenError:
        await bring_to_head(tenants, slug)
    else:
        say(f"{slug}: ready")


async def bring_to_head(tenants: Tenants, slug: str) -> None:
    tenant = await tenants.get(slug)
    if tenant.status == SUSPENDED:
        raise TenantError(f"{slug} exists and is suspended: resume it")
    await provision(tenants.app, tenant.ref)
    if tenant.status == NEW:
        await tenants.change(tenant, ACTIVE)
    say(f"{slug}: exists already, and is at head")


async def upgrade_shared(tenants: Tenants) -> None:
    await upgrade(settings_of(tenants.app, Settings).owner_url)
    say("database: at head")


async def suspend(tenants: Tenants, slug: str) -> None:
    await tenants.suspend(slug)
    say(f"{slug}: suspended")


async def resume(tenants: Tenants, slug: str) -> None:
    await tenants.resume(slug)
    say(f"{slug}: served again")


async def delete(tenants: Tenants, slug: str) -> None:
    say(f"{slug}: being deleted")
    await tenants.delete(slug)
    say(f"{slug}: deleted; the slug stays taken")


async def show(tenants: Tenants) -> None:
    for tenant in await tenants.all():
        since = f"{tenant.created_at:%Y-%m-%d}"
        say(f"{tenant.slug}\t{tenant.status}\t{since}\t{tenant.id}")


async def migrate(tenants: Tenants, slug: str | None) -> None:
    """Bring all tenants, or one, to head; one that fails doesn't stop the others."""
    await upgrade_shared(tenants)
    chosen = [await tenants.get(slug)] if slug else await tenants.all()
    failed = []
    for tenant in chosen:
        try:
            await provision(tenants.app, tenant.ref)
        except Exception as error:
            failed.append(tenant.slug)
            say(f"{tenant.slug}: failed, {type(error).__name__}: {error}")
        else:
            say(f"{tenant.slug}: at head")
    if failed:
        raise TenantError(f"Not at head: {', '.join(failed)}")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.tenancy", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    helps = {
        "create": "make a tenant, or bring an existing one to head",
        "suspend": "stop serving a tenant; its data stays",
        "resume": "serve a suspended tenant again",
        "delete": "delete a tenant's data; its slug stays taken",
    }
    for verb, text in helps.items():
        command = verbs.add_parser(verb, help=text)
        command.add_argument("slug", metavar="SLUG")
        if verb == "delete":
            command.add_argument("--yes", action="store_true", help="don't ask")
    verbs.add_parser("list", help="list the tenants")
    command = verbs.add_parser("migrate", help="bring all tenants, or one, to head")
    command.add_argument("slug", metavar="SLUG", nargs="?")
    return parser


def agreed(slug: str) -> bool:
    """Ask at a terminal whether a tenant's data may go."""
    question = f"Delete all data of {slug}? Type its name: "
    return sys.stdin.isatty() and input(question) == slug


async def run(arguments: argparse.Namespace) -> None:
    app = create_app()
    async with opened(app):
        tenants = Tenants(app)
        match arguments.verb:
            case "create":
                await create(tenants, arguments.slug)
            case "suspend":
                await suspend(tenants, arguments.slug)
            case "resume":
                await resume(tenants, arguments.slug)
            case "delete":
                await delete(tenants, arguments.slug)
            case "list":
                await show(tenants)
            case "migrate":
                await migrate(tenants, arguments.slug)


def main() -> int:
    arguments = parser().parse_args()
    if arguments.verb == "delete" and not (arguments.yes or agreed(arguments.slug)):
        print("Nothing was deleted: say --yes", file=sys.stderr)
        return 1
    try:
        asyncio.run(run(arguments))
    except (TenantError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
