from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, MetaData, Table

from app.db.naming import NAMING


def test_migrations_can_name_every_constraint() -> None:
    metadata = MetaData(naming_convention=NAMING)
    Table("cups", metadata, Column("id", Integer, primary_key=True))
    saucers = Table(
        "saucers",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("cup_id", ForeignKey("cups.id"), index=True),
        Column("number", Integer, unique=True),
        CheckConstraint("number > 0", name="positive"),
    )

    assert {constraint.name for constraint in saucers.constraints} == {
        "pk_saucers",
        "fk_saucers_cup_id_cups",
        "uq_saucers_number",
        "ck_saucers_positive",
    }
    assert {index.name for index in saucers.indexes} == {"ix_saucers_cup_id"}
