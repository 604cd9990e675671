import { createHash } from 'node:crypto'

import type { Signer } from '#core/crypto/engine.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'

/** A record taken apart, to be put together wrongly: nothing here is checked. */
export interface CraftedRecord {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Readonly<Record<string, unknown>>
  readonly disclosures: readonly string[]
}

const json = (part: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>> // our own record

export function takeApart(record: string): CraftedRecord & { readonly signature: string } {
  const [jwt, ...disclosures] = record.split('~')
  const [header, payload, signature] = jwt!.split('.')
  return { header: json(header!), payload: json(payload!), signature: signature!, disclosures: disclosures.slice(0, -1) }
}

/** Text as base64url, whatever it says. */
export const base64url = (content: string | Uint8Array): string => encodeBase64url(Buffer.from(content))

export const jsonPart = (value: unknown): string => base64url(JSON.stringify(value))

/** Parts that are text already are taken as they are. */
export function putTogether(header: unknown, payload: unknown, disclosures: readonly string[], signer: Pick<Signer, 'sign'>): string {
  const part = (value: unknown): string => (typeof value === 'string' ? value : jsonPart(value))
  const input = `${part(header)}.${part(payload)}`
  return [`${input}.${encodeBase64url(signer.sign(Buffer.from(input)))}`, ...disclosures, ''].join('~')
}

/** The record with some members of header and payload changed (`undefined`: left out), signed anew. */
export function resign(
  record: string,
  signer: Signer,
  changes: { readonly header?: object; readonly payload?: object; readonly disclosures?: readonly string[] },
): string {
  const { header, payload, disclosures } = takeApart(record)
  return putTogether({ ...header, kid: signer.kid, ...changes.header }, { ...payload, ...changes.payload }, changes.disclosures ?? disclosures, signer)
}

/** One disclosure: `[salt, name, value]`, or an element without a name. */
export const disclosureOf = (...content: readonly unknown[]): string => jsonPart(['c2FsdHNhbHRzYWx0c2E', ...content])

/** How a payload refers to a disclosure. */
export const digestOfDisclosure = (disclosure: string): string => createHash('sha256').update(disclosure).digest('base64url')

/** A record that is signed over disclosures of the test's own making, beside the claims of `record`. */
export function withDisclosures(record: string, signer: Signer, disclosures: readonly string[], payload: object = {}): string {
  return resign(record, signer, { payload: { _sd: disclosures.map(digestOfDisclosure), ...payload }, disclosures })
}
