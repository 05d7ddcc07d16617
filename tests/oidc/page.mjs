// The page on which a browser tells the provider who is there.

const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export const page = (client) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Provider</title>
<style>
  body { background: #f3f0ff; color: #2b2540; display: grid; font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; place-items: center }
  form { background: #fff; border-radius: 16px; box-shadow: 0 8px 32px #2b254022; display: grid; gap: 12px; padding: 32px; width: 300px }
  h1, p { margin: 0 } h1 { font-size: 22px }
  input, button { border: 1px solid #cfc8e8; border-radius: 8px; font: inherit; padding: 10px }
  button { background: #5b3fd6; border: 0; color: #fff; cursor: pointer } button.no { background: none; color: #5b3fd6 }
</style>
<form method="post">
  <h1>Who are you?</h1>
  <p>A provider for tests: any name will do, and no password. <b>${escaped(client)}</b> learns your e-mail address.</p>
  <input name="login" value="jo" aria-label="Login name" pattern="[a-z0-9:]+" required autofocus>
  <button>Continue</button>
  <button class="no" name="login" value="" formnovalidate onclick="this.form.login[0].disabled = true">Cancel</button>
</form>
</html>
`;
