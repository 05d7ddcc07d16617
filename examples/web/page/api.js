// Asking the server. The session is a cookie that no script can read, and nothing of it is kept here.

// A refusal: the status, the code or the mistakes of the fields, and after how many seconds to try again. Without an answer the
// status is 0.
export class Refusal extends Error {
  constructor(status, detail, retryAfter) {
    super(`refused: ${status}`);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

// Whether there is a session, but of a user whose address is not confirmed.
export const isUnconfirmed = ({ status, detail }) => status === 403 && detail === 'Forbidden';

// Sends JSON, or a form where the body is one, and resolves to the JSON of the answer.
export async function ask(method, path, body) {
  const isForm = body instanceof URLSearchParams;
  const options = { method };
  if (isForm) options.body = body;
  else if (body) Object.assign(options, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  const answer = await fetch(path, options).catch(() => { throw new Refusal(0, 'UNREACHABLE') });
  const data = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(answer.status, data?.detail, Number(answer.headers.get('Retry-After')));
  return data;
}

// The current user, or null.
export async function currentUser() {
  try {
    return await ask('GET', '/users/me');
  } catch (refusal) {
    if (refusal.status === 401) return null;
    throw refusal;
  }
}

export const logIn = (username, password, remember_me) =>
  ask('POST', '/auth/web/login', new URLSearchParams({ username, password, remember_me }));
