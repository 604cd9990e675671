import { describe, expect, it } from 'vitest'

import { didOf, issuerNamed } from '#core/views/did-web.ts'

describe('the did:web of an issuer', () => {
  it.each([
    ['https://370100.comity.example', 'did:web:370100.comity.example'],
    ['https://example.com:3000', 'did:web:example.com%3A3000'],
    ['https://example.com:3000/user/alice', 'did:web:example.com%3A3000:user:alice'],
    ['https://example.com/a~b', 'did:web:example.com:a%7Eb'],
  ])('%s ↔ %s', (iss, did) => {
    expect(didOf(iss)).toBe(did)
    expect([issuerNamed(iss), issuerNamed(did)]).toEqual([iss, iss])
  })

  it('is none for an address', () => {
    expect(didOf('https://127.0.0.1:8080')).toBeUndefined()
  })

  it('reads digits after a colon as a path, never as a port', () => {
    expect(issuerNamed('did:web:example.com:3000')).toBe('https://example.com/3000')
  })

  it.each([
    'did:web:example.com%3a3000',
    'did:web:EXAMPLE.com',
    'did:web:',
    'did:web:example.com:',
    'did:web:127.0.0.1',
    'did:web:example.com:a~b',
    'did:web:example.com%2Fpath',
    'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp',
    'http://example.com',
    'https://example.com/',
    'https://user@example.com',
    'https://example.com?x',
  ])('%s names no issuer, or would be a second spelling of one', (identifier) => {
    expect(issuerNamed(identifier)).toBeUndefined()
  })
})
