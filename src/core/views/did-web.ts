/**
 * The did:web of an issuer (did:web Method Specification, "Method-specific identifier"): its host, a port with its colon percent-encoded, and
 * its path with colons for slashes. Undefined for an issuer at an IP address, which the method forbids.
 */
export function didOf(iss: string): string | undefined {
  const parts = /^https:\/\/([a-z0-9.-]+)(?::(\d{1,5}))?((?:\/[A-Za-z0-9._~-]+)*)$/.exec(iss)
  if (parts === null) return undefined
  const [, host = '', port, path = ''] = parts
  if (/^[\d.]+$/.test(host)) return undefined
  const segments = path.split('/').slice(1)
  // A tilde may stand in a URL's path and not in a DID (DID Core §3.1, `idchar`).
  return ['did:web', port === undefined ? host : `${host}%3A${port}`, ...segments.map((segment) => segment.replaceAll('~', '%7E'))].join(':')
}

/** The issuer that an identifier names: an issuer's URL as it is, or its did:web. Undefined for anything else, and for a second spelling of either. */
export function issuerNamed(identifier: string): string | undefined {
  if (!identifier.startsWith('did:web:')) return didOf(identifier) === undefined ? undefined : identifier
  const [host = '', ...segments] = identifier.slice('did:web:'.length).split(':')
  const iss = `https://${[host.replace('%3A', ':'), ...segments.map((segment) => segment.replaceAll('%7E', '~'))].join('/')}`
  return didOf(iss) === identifier ? iss : undefined
}
