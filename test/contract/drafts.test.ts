import { expect, it } from 'vitest'

import { NewDraft } from '#contract/drafts.ts'
import { familyIds } from '#core/model/family-id.ts'
import { exampleDrafts } from '../support/examples.ts'

it('every family can be drafted without being named again, but for the recognition, which comes of a verdict', () => {
  const taken = familyIds.filter((family) => NewDraft.safeParse({ family, draft: exampleDrafts[family]() }).success)
  expect(taken).toEqual(familyIds.filter((family) => family !== 'recognition'))
  // By its own schema, not by that of any other.
  expect(NewDraft.safeParse({ family: 'title', draft: exampleDrafts.skill() }).success).toBe(false)
})
