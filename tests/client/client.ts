// Uses the generated types, and the server: `node build/client.js URL`.

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

type User = components["schemas"]["UserRead"];
type Refusal = components["schemas"]["ErrorModel"] | components["schemas"]["HTTPValidationError"];

const baseUrl = process.argv[2];
assert(baseUrl, "the server's URL is missing");
const api = createClient<paths>({ baseUrl });

/** The code of a refusal, whatever its shape. */
function codeOf(refusal: Refusal | undefined): string {
  assert(refusal !== undefined, "there is no refusal");
  const { detail } = refusal;
  if (detail === undefined) return "";
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail.map((mistake) => `${mistake.loc.join(".")}: ${mistake.type}`).join(", ");
  return detail["code"] ?? "";
}

/** The token of a login, which is a form. */
async function logIn(username: string, password: string): Promise<string> {
  const { data, error } = await api.POST("/auth/jwt/login", {
    body: { grant_type: "password", username, password, scope: "" },
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  if (error) throw new Error(codeOf(error));
  assert.equal(data.token_type, "bearer");
  return data.access_token;
}

async function registers(email: string, password: string): Promise<User> {
  const body = { email, password, first_name: "Jo" };
  const { data: user, response } = await api.POST("/auth/register", { body });
  assert.equal(response.status, 201);
  assert(user, "there is no user");
  assert.equal(user.email, email);
  assert.equal(user.first_name, "Jo");
  assert.equal(user.last_name, null);
  const again = await api.POST("/auth/register", { body });
  assert.equal(codeOf(again.error), "REGISTER_USER_ALREADY_EXISTS");
  const short = await api.POST("/auth/register", { body: { email: "other@example.com", password: "x" } });
  assert.equal(codeOf(short.error), "REGISTER_INVALID_PASSWORD");
  const wrong = await api.POST("/auth/register", { body: { email: "nobody", password } });
  assert.equal(wrong.response.status, 422);
  assert.equal(codeOf(wrong.error), "body.email: value_error");
  return user;
}

async function changes(user: User, headers: { Authorization: string }): Promise<void> {
  const { data: me } = await api.GET("/users/me", { headers });
  assert.deepEqual(me, user);
  const { data: changed } = await api.PATCH("/users/me", { headers, body: { first_name: null, last_name: "Doe" } });
  const expected: User = { ...user, first_name: null, last_name: "Doe" };
  assert.deepEqual(changed, expected);
  const long = await api.PATCH("/users/me", { headers, body: { last_name: "x".repeat(101) } });
  assert.equal(codeOf(long.error), "body.last_name: string_too_long");
  const other = await api.GET("/users/{id}", { headers, params: { path: { id: user.id } } });
  assert.equal(other.response.status, 403);
  assert.equal(codeOf(other.error), "Forbidden");
}

async function leaves(headers: { Authorization: string }): Promise<void> {
  const { data: shown } = await api.GET("/optional/any", { headers });
  assert.equal(typeof shown?.email, "string");
  const nobody = await api.GET("/optional/any");
  assert.equal(nobody.data?.email, null);
  const { response } = await api.POST("/auth/jwt/logout", { headers });
  assert.equal(response.status, 204);
  const refused = await api.GET("/users/me");
  assert.equal(codeOf(refused.error), "Unauthorized");
}

const [email, password] = ["jo@example.com", "correct horse"];
const user = await registers(email, password);
const headers = { Authorization: `Bearer ${await logIn(email, password)}` };
await assert.rejects(logIn(email, "wrong horse"), { message: "LOGIN_BAD_CREDENTIALS" });
await changes(user, headers);
await leaves(headers);
console.log("client: ok");
