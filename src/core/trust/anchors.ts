import { z } from 'zod'

import { IssuerUrl } from '../credential/envelope.ts'
import { Digest } from '../model/digest.ts'
import { DivisionCode } from '../model/division-code.ts'
import { Localised } from '../model/localised.ts'
import { Scope } from './scope.ts'

/** An alliance by the digest of one of its lists, which is told by a hand that is trusted. */
export const AnchoredAlliance = z.strictObject({ alliance: z.string(), version: z.int().min(1), digest: Digest })

/**
 * What a verifier trusts without proof, from a hand that it trusts: authorities by their key (its own city, to begin with) and
 * alliances by the digest of one list. Everything else is accepted only through signatures that lead back to these.
 */
export const Anchors = z
  .strictObject({
    authorities: z
      .array(
        z.strictObject({
          division: DivisionCode,
          name: Localised,
          iss: IssuerUrl,
          authorityKey: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
          authorised: z.array(Scope).min(1),
        }),
      )
      .max(100),
    alliances: z.array(AnchoredAlliance).max(100),
  })
  .meta({ id: 'Anchors', description: "A verifier's own trust anchors" })
export type Anchors = z.infer<typeof Anchors>
