import { allianceAsOf, everythingAsOf, manifestAsOf, rulesAsOf, statusAsOfRoute, verifyAsOfRoute } from '#contract/as-of.ts'
import { tellAsOf } from '#registry/as-of/tell-as-of.ts'
import { verifyAsOf } from '#registry/as-of/verify-as-of.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

export function bindAsOf(binding: Binding, { office, desk }: Pick<Desks, 'office' | 'desk'>): void {
  bind(binding, everythingAsOf, ({ params }) => tellAsOf(office, desk, params.instant, { kind: 'all' }))
  bind(binding, manifestAsOf, ({ params }) => tellAsOf(office, desk, params.instant, { kind: 'manifest' }))
  bind(binding, rulesAsOf, ({ params }) => tellAsOf(office, desk, params.instant, { kind: 'rules' }))
  bind(binding, allianceAsOf, ({ params }) => tellAsOf(office, desk, params.instant, { kind: 'alliance', subject: params.alliance }))
  bind(binding, statusAsOfRoute, ({ params, query }) =>
    tellAsOf(office, desk, params.instant, { kind: 'status', no: Number(params.no), known: query.known ?? 'now' }),
  )
  bind(binding, verifyAsOfRoute, ({ params, body: { records, for: division, purpose, appliedOn } }) =>
    verifyAsOf(office, desk, params.instant, records, division === undefined ? undefined : { for: division, purpose, appliedOn }),
  )
}
