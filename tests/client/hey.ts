// Calls of the client of `@hey-api/openapi-ts`, as front ends write them: `node build/hey.js URL`.

import assert from "node:assert/strict";
import { client } from "./generated/hey/client.gen.js";
import {
  authJwtLoginAuthJwtLoginPost,
  authJwtLogoutAuthJwtLogoutPost,
  registerRegisterAuthRegisterPost,
  resetForgotPasswordAuthForgotPasswordPost,
  usersCurrentUserUsersMeGet,
  usersPatchCurrentUserUsersMePatch,
} from "./generated/hey/sdk.gen.js";
import type {
  BodyAuthJwtLoginAuthJwtLoginPost,
  BodyResetForgotPasswordAuthForgotPasswordPost,
  BodyResetResetPasswordAuthResetPasswordPost,
  BodyVerifyRequestTokenAuthRequestVerifyTokenPost,
  BodyVerifyVerifyAuthVerifyPost,
  ErrorModel,
  HttpValidationError,
  RegisterRegisterAuthRegisterPostError,
  UserCreate,
  UserRead,
  UserUpdate,
} from "./generated/hey/types.gen.js";

const baseUrl = process.argv[2];
assert(baseUrl, "the server's URL is missing");
client.setConfig({ baseUrl, auth: () => token });
let token = "";

/** What a form shows of an error: a type of a generated client, which no answer but these may widen. */
function message(error: ErrorModel | HttpValidationError): string {
  const { detail } = error;
  if (detail === undefined) return "";
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) return detail[0]?.msg ?? "";
  return detail["reason"] ?? "";
}

const registerMessage = (error: RegisterRegisterAuthRegisterPostError): string => message(error);

async function register(body: UserCreate): Promise<UserRead> {
  const { data } = await registerRegisterAuthRegisterPost({ body, throwOnError: true });
  return data;
}

async function logIn(body: BodyAuthJwtLoginAuthJwtLoginPost): Promise<string> {
  const { data, error } = await authJwtLoginAuthJwtLoginPost({ body });
  if (error) throw new Error(message(error));
  return data.access_token;
}

async function me(): Promise<UserRead> {
  const { data } = await usersCurrentUserUsersMeGet({ throwOnError: true });
  return data;
}

async function update(body: UserUpdate): Promise<UserRead | undefined> {
  const { data, error } = await usersPatchCurrentUserUsersMePatch({ body });
  if (error) throw new Error(message(error));
  return data;
}

const [email, password] = ["hey@example.com", "correct horse"];
const user = await register({ email, password, first_name: "Jo" });
const taken = await registerRegisterAuthRegisterPost({ body: { email, password } });
assert(taken.error, "the address is taken");
assert.equal(registerMessage(taken.error), "REGISTER_USER_ALREADY_EXISTS");
token = await logIn({ username: email, password });
assert.deepEqual(await me(), user);
assert.equal((await update({ last_name: "Doe" }))?.last_name, "Doe");
const forgotten: BodyResetForgotPasswordAuthForgotPasswordPost = { email };
assert.equal((await resetForgotPasswordAuthForgotPasswordPost({ body: forgotten })).response.status, 202);
assert.equal((await authJwtLogoutAuthJwtLogoutPost()).response.status, 204);

// Types that front ends import for their forms.
export const reset: BodyResetResetPasswordAuthResetPasswordPost = { token: "", password };
export const request: BodyVerifyRequestTokenAuthRequestVerifyTokenPost = { email };
export const verify: BodyVerifyVerifyAuthVerifyPost = { token: "" };
console.log("hey: ok");
