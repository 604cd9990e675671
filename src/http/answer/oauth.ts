import { assertionType, assertionTypes, serverMetadata, token } from '#contract/oauth.ts'
import { Fault } from '#core/fault.ts'
import { duties } from '#core/model/duty.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

export function bindOauth(binding: Binding, { office, tokens, address }: Pick<Desks, 'office' | 'tokens' | 'address'>): void {
  const endpoint = (): string => `${address()}${token.path}`

  bind(binding, token, async ({ body }) => {
    if (body.grant_type !== 'client_credentials') throw new Fault('grant-refused', { at: 'grant_type' })
    if (body.client_assertion_type !== assertionType) throw new Fault('assertion-refused', { at: 'client_assertion_type', detail: assertionType })
    const assertion = { text: body.client_assertion, types: assertionTypes, endpoint: endpoint(), clientId: body.client_id }
    const granted = await tokens.grant(assertion, body.scope?.split(' '))
    return { access_token: granted.token, token_type: 'Bearer' as const, expires_in: granted.seconds, scope: granted.duties.join(' ') }
  })

  const fixed = {
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['Ed25519', 'EdDSA'],
    scopes_supported: duties,
  } as const
  bind(binding, serverMetadata, async () => ({
    issuer: office.authority.iss,
    token_endpoint: endpoint(),
    ...fixed,
    service_documentation: `${address()}/docs`,
  }))
}
