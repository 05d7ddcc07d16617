// Which view is shown, and what the views of guests do.

import { showAccount } from '/account.js';
import { ask, currentUser, isUnconfirmed, logIn } from '/api.js';
import { onClick, onSubmit } from '/form.js';
import { openOutbox } from '/outbox.js';
import { sentence } from '/sentences.js';

const view = document.getElementById('view');
const status = document.getElementById('status');
const SAY_FOR = 6000;
let silence;
let turns = 0;
// The token of the letter whose link has led here, until its view takes it.
let token = tokenOfLetter();

// Says something that went well, also to those who do not see the page.
function say(text) {
  clearTimeout(silence);
  status.textContent = text;
  silence = setTimeout(() => { status.textContent = '' }, SAY_FOR);
}

// The links of letters are `/KIND#TOKEN`. The token is taken out of the address at once: it has no place in the history.
function tokenOfLetter() {
  if (location.pathname === '/') return null;
  const found = location.hash.slice(1);
  history.replaceState(null, '', `/#${location.pathname}`);
  return found;
}

function takeToken() {
  const taken = token;
  token = null;
  return taken;
}

function show(name) {
  view.replaceChildren(document.getElementById(`${name}-view`).content.cloneNode(true));
  const title = view.querySelector('h1');
  document.title = title.textContent || 'Your account';
  title.focus({ preventScroll: true });
  scrollTo(0, 0);
  return view;
}

// Says something, with a link to where one goes on.
function notice(title, text, next = { name: '', text: 'Continue' }) {
  const root = show('notice');
  root.querySelector('[data-title]').textContent = document.title = title;
  root.querySelector('[data-text]').textContent = text;
  Object.assign(root.querySelector('[data-next]'), { href: `#/${next.name}`, textContent: next.text });
}

// What is wrong with a link to a new password, before one is typed: an empty password is refused after the token was judged, and does not
// use it up.
async function problemOfLink(token) {
  try {
    await ask('POST', '/auth/reset-password', { token, password: '' });
  } catch ({ detail }) {
    return detail === 'RESET_PASSWORD_BAD_TOKEN' ? detail : null;
  }
}

// Goes to a view, also when it is the present one.
function go(name) {
  if (location.hash === `#/${name}`) return route();
  location.hash = `#/${name}`;
}

function greet(user) {
  document.getElementById('who').hidden = !user;
  document.getElementById('who-email').textContent = user?.email ?? '';
}

function leave(text) {
  greet(null);
  go('login');
  say(text);
}

// Says that the address of a new account, or the new one of an account, waits for its confirmation.
function confirm(email) {
  greet(null);
  history.replaceState(null, '', '#/confirm');
  const root = show('waiting');
  root.querySelector('[data-email]').textContent = email;
  onClick(root.querySelector('#again'), root.querySelector('.problem'), async () => {
    await ask('POST', '/auth/request-verify-token', { email });
    say('The mail is on its way.');
  });
}

const guests = {
  login() {
    onSubmit(show('login').querySelector('form'), async ({ username, password, remember_me }) => {
      await logIn(username, password, remember_me !== undefined);
      go('');
    });
  },
  register() {
    onSubmit(show('register').querySelector('form'), async (values) => {
      const { first_name, last_name, email, password } = values;
      const names = { first_name: first_name.trim() || null, last_name: last_name.trim() || null };
      await ask('POST', '/auth/register', { email, password, ...names });
      confirm(email);
    });
  },
};

// Views for everybody, most of them at the end of a link in a mail.
const everybody = {
  forgot() {
    onSubmit(show('forgot').querySelector('form'), async ({ email }) => {
      await ask('POST', '/auth/forgot-password', { email });
      show('sent').querySelector('[data-email]').textContent = email;
    });
  },
  confirm() {
    onSubmit(show('confirm').querySelector('form'), async ({ email }) => {
      await ask('POST', '/auth/request-verify-token', { email });
      show('sent').querySelector('[data-email]').textContent = email;
    });
  },
  async 'reset-password'() {
    const taken = takeToken();
    const problem = taken ? await problemOfLink(taken) : 'RESET_PASSWORD_BAD_TOKEN';
    if (problem) return notice('Choose a new password', sentence({ detail: problem }), { name: 'forgot', text: 'Send me another link' });
    onSubmit(show('reset').querySelector('form'), async ({ password }) => {
      await ask('POST', '/auth/reset-password', { token: taken, password });
      leave('Your password is changed. Please log in with it.');
    });
  },
  async verify() {
    const taken = takeToken();
    if (!taken) return go('');
    try {
      await ask('POST', '/auth/verify', { token: taken });
    } catch (refusal) {
      const again = refusal.detail === 'VERIFY_USER_BAD_TOKEN' ? { name: 'confirm', text: 'Send me another link' } : undefined;
      return notice('Your e-mail address', sentence(refusal), again);
    }
    notice('Thank you', 'Your e-mail address is confirmed. You can log in now.');
  },
  async unlock() {
    const taken = takeToken();
    if (!taken) return notice('This link is not complete', sentence({ detail: 'UNLOCK_BAD_TOKEN' }));
    try {
      await ask('POST', '/auth/unlock', { token: taken });
    } catch (refusal) {
      return notice('Your account', sentence(refusal));
    }
    leave('Your account is unlocked. You can log in now.');
  },
};

// The account, or for guests what they asked for.
async function home(isPresent, guestView) {
  const user = await currentUser();
  if (!isPresent()) return;
  greet(user);
  history.replaceState(null, '', user ? '#/' : `#/${guestView}`);
  if (user) await showAccount(show('account'), user, { say, leave, confirm, changed: greet });
  else guests[guestView]();
}

// Shows what the address asks for.
async function route() {
  const turn = ++turns;
  const isPresent = () => turn === turns;
  const name = location.hash.replace(/^#\/?/, '');
  try {
    if (Object.hasOwn(everybody, name)) await everybody[name]();
    else if (name && !Object.hasOwn(guests, name)) notice('This page does not exist', 'Please check the address.');
    else await home(isPresent, Object.hasOwn(guests, name) ? name : 'login');
  } catch (refusal) {
    if (!isPresent()) return;
    if (refusal.status === 401) return leave(sentence(refusal));
    if (!isUnconfirmed(refusal)) return notice('Sorry', sentence(refusal));
    // A session that has to wait until the new address is confirmed is like none.
    greet(null);
    if (Object.hasOwn(guests, name)) guests[name]();
    else everybody.confirm();
  }
}

document.getElementById('logout').addEventListener('click', async () => {
  try {
    await ask('POST', '/auth/web/logout');
  } catch (refusal) {
    // Without a session there is nothing to end.
    if (refusal.status !== 401 && !isUnconfirmed(refusal)) return say(sentence(refusal));
  }
  leave('You are logged out.');
});
addEventListener('hashchange', route);
addEventListener('session-over', (event) => leave(sentence(event.detail)));
route();
openOutbox();
