import { approveReissuesRoute, draftReissuesRoute, listReissues } from '#contract/reissues.ts'
import { approveReissues, draftReissues, reissuePage, reissueProgress, type ReissueBatch } from '#registry/reissue-records.ts'
import { bind, type Binding } from '../bind.ts'
import type { Desks } from '../desks.ts'

/** What officers do with records that a compromised key has taken down. */
export function bindReissues(binding: Binding, { office, trustChanged }: Pick<Desks, 'office' | 'trustChanged'>): void {
  bind(binding, listReissues, async ({ query }) => {
    const [{ items, next }, progress] = await Promise.all([reissuePage(office, query), reissueProgress(office)])
    return { items: [...items], next, ...progress }
  })
  bind(binding, draftReissuesRoute, async ({ body, request }) => replyOf(await draftReissues(office, request, body)))
  bind(binding, approveReissuesRoute, async ({ body, request }) => {
    const batch = await approveReissues(office, request, body)
    trustChanged()
    return replyOf(batch)
  })
}

const replyOf = ({ done, passed, next }: ReissueBatch) => ({ done: [...done], passed: [...passed], next })
