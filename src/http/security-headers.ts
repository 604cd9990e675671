import type { IncomingMessage, ServerResponse } from 'node:http'

import helmet from 'helmet'

/** Nothing on these addresses is a page: no script, no frame, no form. `/docs` has a policy of its own. */
export const harden = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
  },
  referrerPolicy: { policy: 'no-referrer' },
})

/**
 * What `harden` sets on every answer, read from it once: name, value, name, value. It is the same for all, and thirteen calls a request
 * cost more than reading the request does.
 */
export const securityHeaders: readonly string[] = read()

/** The same for what is a page: under a policy of its own. */
export const headersUnder = (policy: string): readonly string[] =>
  securityHeaders.map((value, index) => (index % 2 === 1 && securityHeaders[index - 1] === 'Content-Security-Policy' ? policy : value))

function read(): readonly string[] {
  const headers: string[] = []
  const note = { setHeader: (name: string, value: string) => headers.push(name, value), removeHeader: () => undefined }
  let passed = false
  harden({} as IncomingMessage, note as unknown as ServerResponse, () => {
    passed = true
  }) // it looks at neither, but for the two functions
  if (!passed || headers.length === 0) throw new Error('helmet set its headers in another way than is known here')
  return headers
}
