from app.main import create_app


def test_app() -> None:
    assert create_app()
