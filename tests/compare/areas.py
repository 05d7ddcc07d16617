"""The areas of cases, in the order in which they run."""

import cases_bodies
import cases_email
import cases_guards
import cases_http
import cases_login
import cases_oauth
import cases_openapi
import cases_redis
import cases_register
import cases_reset_verify
import cases_tokens
import cases_users

AREAS = {
    "register": cases_register.run,
    "bodies": cases_bodies.run,
    "email": cases_email.run,
    "login": cases_login.run,
    "tokens": cases_tokens.run,
    "users": cases_users.run,
    "guards": cases_guards.run,
    "reset_verify": cases_reset_verify.run,
    "http": cases_http.run,
    "openapi": cases_openapi.run,
    "oauth": cases_oauth.run,
    "redis": cases_redis.run,
}
