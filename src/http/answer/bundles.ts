import { allianceBundle, wholeBundle } from '#contract/bundles.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

/** Seconds that a cache may keep a bundle without asking: there are status lists in it. */
const maxAge = 60

export function bindBundles(binding: Binding, { bundles }: Pick<Desks, 'bundles'>): void {
  bind(binding, allianceBundle, async ({ params }) => ({ ...(await bundles.bundle(params.alliance)), maxAge }))
  bind(binding, wholeBundle, async () => ({ ...(await bundles.bundle()), maxAge }))
}
