import { joinAllianceRoute, refreshTrustRoute, takeTrustFile } from '#contract/trust.ts'
import { Fault } from '#core/fault.ts'
import { joinAlliance, takeTrustFiles } from '#registry/held-trust.ts'
import { remember } from '#registry/remember.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

export function bindTrust(binding: Binding, { office, trustChanged, refresher }: Pick<Desks, 'office' | 'trustChanged' | 'refresher'>): void {
  bind(binding, takeTrustFile, ({ body, request }) =>
    remember(office, request, async () => {
      const { taken, refused } = await takeTrustFiles(office, [{ name: 'body', bytes: body }], request.actor)
      trustChanged()
      const [first] = refused
      if (first !== undefined) throw new Fault(first.fault.code, { at: first.fault.at, detail: first.fault.detail })
      return { outcome: taken.length === 1 ? ('taken' as const) : ('known' as const) }
    }),
  )
  bind(binding, joinAllianceRoute, ({ body, request }) =>
    remember(office, request, async () => {
      await joinAlliance(office, request, body)
      trustChanged()
      refresher.forget()
      return { alliance: body.alliance }
    }),
  )
  bind(binding, refreshTrustRoute, ({ request }) =>
    remember(office, request, async () => ({
      neighbours: (await refresher.refresh(request.actor)).map((report) => ({ ...report, refused: report.refused.map((file) => ({ ...file })) })),
    })),
  )
}
