// An OpenID provider for tests and the example: oidc-provider, with accounts that need no password.
//
//   node provider.mjs PORT CLIENT_ID CLIENT_SECRET REDIRECT_PATH...
//
// It listens on 127.0.0.1:PORT (0 for a free one) and prints `OpenID provider at URL` when it is ready. Browsers may return to the
// paths on every port of 127.0.0.1 (RFC 8252, 7.3). With STDIN=watch in the environment it ends when its standard input does. It wants
// PKCE, unless the environment has PKCE=optional.
//
// Whoever comes says who they are: NAME has the address NAME@example.com; NAME:unverified has it without proof, NAME:nomail none.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider, { interactionPolicy } from 'oidc-provider';
import InMemory from 'oidc-provider/lib/adapters/memory_adapter.js';
import { page } from './page.mjs';

const [port, client_id, client_secret, ...paths] = process.argv.slice(2);
const server = createServer().listen(Number(port), '127.0.0.1', start);

function findAccount(_, accountId) {
  const [name, flaw] = accountId.split(':');
  const address = flaw === 'nomail' ? {} : { email: `${name}@example.com`, email_verified: flaw !== 'unverified' };
  return { accountId, claims: () => ({ sub: accountId, ...address }) };
}

// Nobody is asked for their consent: whatever the client wants is granted.
const policy = interactionPolicy.base();
policy.remove('consent');

async function loadExistingGrant({ oidc }) {
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '));
  await grant.save();
  return grant;
}

const configuration = {
  adapter: class extends InMemory {}, // Its own one, that is, but without the warning that it forgets.
  clients: [{
    client_id, client_secret, application_type: 'native',
    redirect_uris: paths.map((path) => `http://127.0.0.1${path}`),
    token_endpoint_auth_method: 'client_secret_basic',
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: false } },
  findAccount,
  interactions: { policy, url: (_, { uid }) => `/interaction/${uid}` },
  jwks: { keys: [rsaKey()] },
  loadExistingGrant,
  pkce: { required: () => process.env.PKCE !== 'optional' },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
};

function rsaKey() {
  return { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'tests', alg: 'RS256', use: 'sig' };
}

// The page on which browsers say who they are, and its answer.
async function interact(provider, request, response) {
  if (request.method !== 'POST') {
    const { params } = await provider.interactionDetails(request, response);
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(page(params.client_id));
  }
  const login = new URLSearchParams(await text(request)).get('login');
  const denied = { error: 'access_denied', error_description: 'The user said no.' };
  return provider.interactionFinished(request, response, login ? { login: { accountId: login } } : denied);
}

function start() {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  const others = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return others(request, response);
    return interact(provider, request, response).catch((error) => response.writeHead(400).end(`${error.message}\n`));
  });
  console.log(`OpenID provider at ${issuer}`);
  if (process.env.STDIN === 'watch') process.stdin.resume().on('end', () => process.exit());
}
