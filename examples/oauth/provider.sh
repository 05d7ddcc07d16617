#!/bin/sh
# Starts an OpenID provider on this machine, at which everybody is who they say they are. It needs Node.js with npm.
exec "$(dirname "$0")/../../tests/oidc/provider.sh" "${1:-9000}" oauth-example not-a-secret /auth/oidc/callback /auth/associate/oidc/callback
