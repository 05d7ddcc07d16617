// What must not compile: each line after a comment is an error, and is one for the reason that the function tells.

import type { Client } from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

export async function missingPassword(api: Client<paths>) {
  // @ts-expect-error
  await api.POST("/auth/register", { body: { email: "jo@example.com" } });
}

export function wrongFieldName(): components["schemas"]["UserUpdate"] {
  // @ts-expect-error
  return { nick_name: "Jo" };
}

export async function wrongType(api: Client<paths>) {
  // @ts-expect-error
  await api.PATCH("/users/me", { body: { is_active: "yes" } });
}

export async function nullWhereNoneIs(api: Client<paths>) {
  // @ts-expect-error
  await api.PATCH("/users/me", { body: { email: null } });
}

export async function missingBody(api: Client<paths>) {
  // @ts-expect-error
  await api.POST("/auth/verify");
}

export async function missingPathParameter(api: Client<paths>) {
  // @ts-expect-error
  await api.GET("/users/{id}");
}

export async function unknownRoute(api: Client<paths>) {
  // @ts-expect-error
  await api.GET("/users/you");
}

export async function unknownMethod(api: Client<paths>) {
  // @ts-expect-error
  await api.DELETE("/users/me");
}

export function hashThatIsNeverShown(user: components["schemas"]["UserRead"]): unknown {
  // @ts-expect-error
  return user.hashed_password;
}

export function nameThatMayBeNull(user: components["schemas"]["UserRead"]): string {
  // @ts-expect-error
  return user.first_name;
}
