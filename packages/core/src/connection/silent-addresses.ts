/** More than a cluster has: what is forgotten is asked in the order of the name server again. */
const mostRemembered = 1000;

/**
 * The addresses that took a connection and said nothing on it. A broker that is suspended does so, and a balancer with none behind it: the
 * name may have others that are well, and attempts that all begin with the same address would never come to them.
 */
export class SilentAddresses {
  readonly #silent = new Set<string>();

  /** The addresses of a name, in the order in which they are to be tried. */
  inOrder(ips: readonly string[], port: number): string[] {
    const isSilent = (ip: string): boolean => this.#silent.has(nameOf(ip, port));
    return [...ips.filter((ip) => !isSilent(ip)), ...ips.filter(isSilent)];
  }

  /** A connection is over. */
  ended(ip: string, port: number, hasSpoken: boolean): void {
    if (this.#silent.size >= mostRemembered) this.#silent.clear();
    if (hasSpoken) this.#silent.delete(nameOf(ip, port));
    else this.#silent.add(nameOf(ip, port));
  }
}

function nameOf(ip: string, port: number): string {
  return `${ip} ${port}`;
}
