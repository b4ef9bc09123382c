import { isIP, type LookupFunction } from 'node:net';

/** What a lookup gives, whether it heeds `all` or not. */
type LookupResult = string | readonly { readonly address: string }[];

/** Every IP address of a host, asked anew each time, the families alternating so that a broken one delays little. */
export async function resolveHost(host: string, lookup: LookupFunction, signal: AbortSignal): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  if (host === '') throw new TypeError('the host name is empty');
  const found = await new Promise<LookupResult>((resolve, reject) => {
    // A lookup cannot be cancelled; its late answer falls on a settled promise.
    if (signal.aborted) return reject(signal.reason);
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    lookup(host, { all: true }, (error, addresses) => {
      signal.removeEventListener('abort', abort);
      if (error) reject(error);
      else resolve(addresses);
    });
  });
  const ips = (typeof found === 'string' ? [found] : found.map(({ address }) => address)).filter((ip) => isIP(ip) !== 0);
  if (ips.length === 0) throw new Error('the name has no address');
  return alternateFamilies(ips);
}

function alternateFamilies(ips: readonly string[]): string[] {
  const first = ips.filter((ip) => isIP(ip) === isIP(ips[0]!));
  const second = ips.filter((ip) => isIP(ip) !== isIP(ips[0]!));
  return first.flatMap((ip, i) => (i < second.length ? [ip, second[i]!] : [ip])).concat(second.slice(first.length));
}
