// Which view is shown, and what the views of guests do.

import { showAccount } from '/account.js';
import { ask, currentUser, logIn } from '/api.js';
import { onSubmit } from '/form.js';
import { openOutbox } from '/outbox.js';
import { sentence } from '/sentences.js';

const view = document.getElementById('view');
const status = document.getElementById('status');
const SAY_FOR = 6000;
let silence;
let turns = 0;

// Says something that went well, also to those who do not see the page.
function say(text) {
  clearTimeout(silence);
  status.textContent = text;
  silence = setTimeout(() => { status.textContent = '' }, SAY_FOR);
}

function show(name) {
  view.replaceChildren(document.getElementById(`${name}-view`).content.cloneNode(true));
  const title = view.querySelector('h1');
  document.title = title.textContent || 'Your account';
  title.focus({ preventScroll: true });
  scrollTo(0, 0);
  return view;
}

function notice(title, text) {
  const root = show('notice');
  root.querySelector('[data-title]').textContent = document.title = title;
  root.querySelector('[data-text]').textContent = text;
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

const guests = {
  login() {
    onSubmit(show('login').querySelector('form'), async ({ username, password }) => {
      await logIn(username, password);
      go('');
    });
  },
  register() {
    onSubmit(show('register').querySelector('form'), async (values) => {
      const { first_name, last_name, email, password } = values;
      const names = { first_name: first_name.trim() || null, last_name: last_name.trim() || null };
      await ask('POST', '/auth/register', { email, password, ...names });
      await logIn(email, password);
      go('');
      say('Welcome! Please confirm your e-mail address.');
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
  reset(token) {
    if (!token) return notice('This link is not complete', sentence({ detail: 'RESET_PASSWORD_BAD_TOKEN' }));
    onSubmit(show('reset').querySelector('form'), async ({ password }) => {
      await ask('POST', '/auth/reset-password', { token, password });
      leave('Your password is changed. Please log in with it.');
    });
  },
  async verify(token) {
    if (!token) return go('');
    try {
      await ask('POST', '/auth/verify', { token });
      notice('Thank you', 'Your e-mail address is confirmed.');
    } catch (refusal) {
      notice('Your e-mail address', sentence(refusal));
    }
  },
};

// The account, or for guests what they asked for.
async function home(isPresent, guestView) {
  const user = await currentUser();
  if (!isPresent()) return;
  greet(user);
  history.replaceState(null, '', user ? '#/' : `#/${guestView}`);
  if (user) await showAccount(show('account'), user, { say, leave, changed: greet });
  else guests[guestView]();
}

// Shows what the address asks for. A token is taken out of it at once: it has no place in the history.
async function route() {
  const turn = ++turns;
  const isPresent = () => turn === turns;
  const [name, query] = location.hash.replace(/^#\/?/, '').split('?');
  const token = new URLSearchParams(query).get('token');
  if (token) history.replaceState(null, '', `#/${name}`);
  try {
    if (Object.hasOwn(everybody, name)) await everybody[name](token);
    else await home(isPresent, Object.hasOwn(guests, name) ? name : 'login');
  } catch (refusal) {
    if (!isPresent()) return;
    if (refusal.status === 401) return leave(sentence(refusal));
    notice('Sorry', sentence(refusal));
  }
}

document.getElementById('logout').addEventListener('click', async () => {
  try {
    await ask('POST', '/auth/cookie/logout');
  } catch (refusal) {
    // Without a session there is nothing to end.
    if (refusal.status !== 401) return say(sentence(refusal));
  }
  leave('You are logged out.');
});
addEventListener('hashchange', route);
addEventListener('session-over', () => leave(sentence({ detail: 'Unauthorized' })));
route();
openOutbox();
