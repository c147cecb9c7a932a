"""The answer to a login and to a refresh."""

from typing import Annotated

from fastapi import Depends

from app.accounts.roles import allowed_scopes
from app.auth.cookies import RefreshCookieDep
from app.auth.dependencies import TokensDep
from app.auth.grants import Grant
from app.auth.schemas import AccessToken
from app.auth.settings import AuthSettingsDep


class SessionAnswer:
    """Puts the refresh token into its cookie, and makes the access token."""

    def __init__(
        self, tokens: TokensDep, cookie: RefreshCookieDep, settings: AuthSettingsDep
    ) -> None:
        self.tokens = tokens
        self.cookie = cookie
        self.settings = settings

    def send(self, grant: Grant) -> AccessToken:
        """Grant what the session may do, less what its user's roles no longer allow."""
        self.cookie.set(grant.token, grant.expires_at)
        allowed = allowed_scopes(grant.user.roles)
        scope = " ".join(sorted(allowed.intersection(grant.scope.split())))
        return AccessToken(
            access_token=self.tokens.issue(grant.user.id, grant.family_id, scope),
            expires_in=self.settings.auth_access_seconds,
            scope=scope,
        )


SessionAnswerDep = Annotated[SessionAnswer, Depends(SessionAnswer)]
