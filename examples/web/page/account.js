// The view of somebody who is logged in.

import { ask } from '/api.js';
import { onClick, onSubmit } from '/form.js';

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function elapsed(since) {
  const minutes = Math.round((new Date(since) - Date.now()) / 60_000);
  if (minutes > -60) return minutes > -1 ? 'just now' : ago.format(minutes, 'minute');
  return minutes > -60 * 24 ? ago.format(Math.round(minutes / 60), 'hour') : ago.format(Math.round(minutes / 60 / 24), 'day');
}

// Shows the account in `root`; `page` says what the rest of the page does: `say`, `leave` and `changed`.
export function showAccount(root, user, page) {
  const find = (selector) => root.querySelector(selector);
  fill(root, user);
  onSubmit(find('#name-form'), async (values) => {
    const names = Object.entries(values).map(([name, value]) => [name, value.trim() || null]);
    const updated = await ask('PATCH', '/users/me', Object.fromEntries(names));
    fill(root, updated);
    page.say('Your name is saved.');
  });
  onSubmit(find('#email-form'), async (values) => {
    const updated = await ask('PATCH', '/users/me', values);
    find('#email-form').reset();
    fill(root, updated);
    page.changed(updated);
    page.say(updated.is_verified ? 'This is your address.' : `We have sent a mail to ${updated.email}: please confirm it.`);
  });
  onSubmit(find('#password-form'), async (values) => {
    await ask('PATCH', '/users/me', values);
    find('#password-form').reset();
    await showSessions(root, page);
    page.say('Your password is changed. Other browsers are logged out.');
  });
  onClick(find('#verify-again'), find('#verify-problem'), async () => {
    await ask('POST', '/auth/request-verify-token', { email: find('[data-email]').textContent });
    page.say('The mail is on its way.');
  });
  onClick(find('#end-others'), find('#sessions-problem'), async () => {
    await ask('DELETE', '/sessions');
    await showSessions(root, page);
    find('#sessions').focus();
    page.say('You are logged out everywhere else.');
  });
  wireDeletion(root, page);
  return showSessions(root, page);
}

function wireDeletion(root, page) {
  const dialog = root.querySelector('dialog');
  root.querySelector('#delete').addEventListener('click', () => dialog.showModal());
  root.querySelector('#keep').addEventListener('click', () => dialog.close());
  onSubmit(root.querySelector('#delete-form'), async (values) => {
    await ask('POST', '/account/delete', values);
    dialog.close();
    page.leave('Your account is deleted.');
  });
}

function fill(root, user) {
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ');
  root.querySelector('[data-hello]').textContent = name ? `Hello, ${name}` : 'Hello';
  for (const place of root.querySelectorAll('[data-email]')) place.textContent = user.email;
  root.querySelector('#unverified').hidden = user.is_verified;
  const badge = root.querySelector('#verified');
  badge.textContent = user.is_verified ? 'Confirmed' : 'Not confirmed yet';
  badge.classList.toggle('good', user.is_verified);
  for (const field of ['first_name', 'last_name']) root.querySelector('#name-form').elements[field].value = user[field] ?? '';
}

async function showSessions(root, page) {
  const sessions = await ask('GET', '/sessions');
  root.querySelector('#sessions').replaceChildren(...sessions.map((session) => sessionItem(session, root, page)));
  root.querySelector('#end-others').hidden = sessions.length < 2;
}

function sessionItem({ id, began_at, is_current }, root, page) {
  const item = document.getElementById('session-item').content.cloneNode(true).firstElementChild;
  const began = when.format(new Date(began_at));
  item.querySelector('[data-began]').textContent = began;
  item.querySelector('[data-ago]').textContent = `began ${elapsed(began_at)}`;
  item.querySelector('[data-current]').hidden = !is_current;
  const end = item.querySelector('[data-end]');
  end.hidden = is_current;
  end.setAttribute('aria-label', `Log out the session of ${began}`);
  onClick(end, root.querySelector('#sessions-problem'), async () => {
    await ask('DELETE', `/sessions/${id}`);
    await showSessions(root, page);
    root.querySelector('#sessions').focus();
    page.say('That browser is logged out.');
  });
  return item;
}
