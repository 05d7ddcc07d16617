"""Calls of the client of `openapi-python-client`, as Python programs write them: `python python_client.py URL`."""

import sys

from generated.python.api.auth import (
    auth_jwt_login_auth_jwt_login_post as log_in,
    auth_jwt_logout_auth_jwt_logout_post as log_out,
    register_register_auth_register_post as register,
)
from generated.python.api.users import (
    users_current_user_users_me_get as show_me,
    users_patch_current_user_users_me_patch as change_me,
    users_user_users_id_get as show_user,
)
from generated.python.client import AuthenticatedClient, Client
from generated.python.models import (
    BearerResponse,
    BodyAuthJwtLoginAuthJwtLoginPost,
    ErrorModel,
    HTTPValidationError,
    UserCreate,
    UserRead,
    UserUpdate,
)

EMAIL, PASSWORD = "py@example.com", "correct horse"


def code(refusal: ErrorModel | HTTPValidationError) -> str:
    """The code of a refusal, whatever its shape."""
    if isinstance(refusal, HTTPValidationError):
        return ", ".join(mistake.type_ for mistake in refusal.detail or [])
    detail = refusal.detail
    return detail if isinstance(detail, str) else str(detail.to_dict()["code"])


def registers(client: Client) -> UserRead:
    create = UserCreate(email=EMAIL, password=PASSWORD, first_name="Jo")
    user = register.sync(client=client, body=create)
    assert isinstance(user, UserRead), user
    assert (user.email, user.first_name, user.last_name) == (EMAIL, "Jo", None)
    again = register.sync(client=client, body=create)
    assert isinstance(again, ErrorModel) and code(again) == "REGISTER_USER_ALREADY_EXISTS"
    wrong = register.sync(client=client, body=UserCreate(email="nobody", password=PASSWORD))
    assert isinstance(wrong, HTTPValidationError) and code(wrong) == "value_error"
    return user


def logs_in(client: Client, password: str) -> str:
    form = BodyAuthJwtLoginAuthJwtLoginPost(username=EMAIL, password=password, grant_type="password")
    answer = log_in.sync(client=client, body=form)
    if isinstance(answer, BearerResponse):
        return answer.access_token
    return code(answer) if answer else ""


def changes(client: AuthenticatedClient, user: UserRead) -> None:
    assert show_me.sync(client=client) == user
    changed = change_me.sync(client=client, body=UserUpdate(first_name=None, last_name="Doe"))
    assert isinstance(changed, UserRead)
    assert (changed.first_name, changed.last_name, changed.email) == (None, "Doe", EMAIL)
    other = show_user.sync(client=client, id=user.id)
    assert isinstance(other, ErrorModel) and code(other) == "Forbidden"
    assert log_out.sync_detailed(client=client).status_code == 204


def main() -> None:
    url = sys.argv[1]
    client = Client(base_url=url)
    user = registers(client)
    assert logs_in(client, "wrong horse") == "LOGIN_BAD_CREDENTIALS"
    changes(AuthenticatedClient(base_url=url, token=logs_in(client, PASSWORD)), user)
    nobody = show_me.sync(client=AuthenticatedClient(base_url=url, token="none"))
    assert isinstance(nobody, ErrorModel) and code(nobody) == "Unauthorized"
    print("python client: ok")


if __name__ == "__main__":
    main()
