// The view of a user who is logged in.

import { ask } from '/api.js';
import { deviceOf } from '/device.js';
import { onClick, onSubmit } from '/form.js';

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function elapsed(since) {
  const minutes = Math.round((new Date(since) - Date.now()) / 60_000);
  if (minutes > -60) return minutes > -1 ? 'just now' : ago.format(minutes, 'minute');
  return minutes > -60 * 24 ? ago.format(Math.round(minutes / 60), 'hour') : ago.format(Math.round(minutes / 60 / 24), 'day');
}

// Shows the account in `root`; `page` has what the rest of the page does: `say`, `leave`, `confirm` and `changed`.
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
    if (!updated.is_verified) return page.confirm(updated.email);
    find('#email-form').reset();
    fill(root, updated);
    page.changed(updated);
    page.say('This is your address.');
  });
  onSubmit(find('#password-form'), async (values) => {
    await ask('PATCH', '/users/me', values);
    find('#password-form').reset();
    await showSessions(root, page);
    page.say('Your password is changed. Other browsers are logged out.');
  });
  onClick(find('#end-others'), find('#sessions-problem'), async () => {
    await ask('DELETE', '/users/me/sessions');
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
  // For password managers, which save a new password under it.
  root.querySelector('[data-username]').value = user.email;
  for (const field of ['first_name', 'last_name']) root.querySelector('#name-form').elements[field].value = user[field] ?? '';
}

async function showSessions(root, page) {
  const sessions = await ask('GET', '/users/me/sessions');
  root.querySelector('#sessions').replaceChildren(...sessions.map((session) => sessionItem(session, root, page)));
  root.querySelector('#end-others').hidden = sessions.length < 2;
}

function sessionItem({ id, ip, user_agent, created_at, last_used_at, is_current }, root, page) {
  const item = document.getElementById('session-item').content.cloneNode(true).firstElementChild;
  const device = deviceOf(user_agent);
  item.querySelector('[data-device]').textContent = device;
  item.querySelector('[data-device]').title = user_agent ?? '';
  item.querySelector('[data-used]').textContent = [ip, is_current ? 'in use now' : `last used ${elapsed(last_used_at)}`].filter(Boolean).join(' · ');
  item.querySelector('[data-began]').textContent = `since ${when.format(new Date(created_at))}`;
  item.querySelector('[data-current]').hidden = !is_current;
  const end = item.querySelector('[data-end]');
  end.hidden = is_current;
  end.setAttribute('aria-label', `Log out ${device}, last used ${elapsed(last_used_at)}`);
  onClick(end, root.querySelector('#sessions-problem'), async () => {
    await ask('DELETE', `/users/me/sessions/${id}`);
    await showSessions(root, page);
    root.querySelector('#sessions').focus();
    page.say('That device is logged out.');
  });
  return item;
}
