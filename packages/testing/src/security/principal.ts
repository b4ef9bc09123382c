/** Takes `User:alice` apart. */
export function principalParts(principal: string): { readonly type: string; readonly name: string } {
  const colon = principal.indexOf(':');
  return { type: principal.slice(0, colon), name: principal.slice(colon + 1) };
}

export function namedPrincipal(type: string, name: string): string {
  return `${type}:${name}`;
}
