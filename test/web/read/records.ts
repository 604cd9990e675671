import { readFileSync } from 'node:fs'

import { titleDraft } from '../../support/examples.ts'
import { makeAlliance } from '../../support/make-alliance.ts'

/** A record that is published as a vector, without the line's end of its file. */
export const record = readFileSync(new URL('../../vectors/verdict/title.sd-jwt', import.meta.url), 'utf8').trim()

/** Another person's, of another city. */
export const otherRecord = makeAlliance({ cities: ['370100', '370300'] }).issue('370300', 'title', titleDraft({ personal: { name: { name: '王小明' } } }))
