import { readFileSync } from 'node:fs'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { checkpointText } from '#core/log/checkpoint.ts'
import { leafBytes } from '#core/log/leaf.ts'
import { logProofText } from '#core/log/log-proof.ts'
import { hashLeaf, proveInclusion } from '#core/log/merkle.ts'
import { appendLeaves, readFromTiles } from '#core/log/tiles.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { titleDraft } from '../../support/examples.ts'
import { makeAlliance } from '../../support/make-alliance.ts'

/** A record that is published as a vector, without the line's end of its file. */
export const record = readFileSync(new URL('../../vectors/verdict/title.sd-jwt', import.meta.url), 'utf8').trim()

/** Another person's, of another city. */
export const otherRecord = makeAlliance({ cities: ['370100', '370300'] }).issue('370300', 'title', titleDraft({ personal: { name: { name: '王小明' } } }))

/** A log proof of a record that nobody has signed: the readers look at which record it is of, and at nothing else. */
export function proofOf(text: string, size = 2): string {
  const { sha256 } = nodeEngine
  const leaves = Array.from({ length: size }, (_, index) =>
    hashLeaf(leafBytes('record', index === 1 ? parseSdJwt(text, nodeEngine).digest : sha256(Uint8Array.of(index))), sha256),
  )
  const { root, edge } = appendLeaves({ size: 0, tiles: [] }, leaves, sha256)
  const note = `${checkpointText({ origin: 'log.example/log', size, root, extensions: [] })}\n— log.example/log ${Buffer.alloc(68).toString('base64')}\n`
  return logProofText({ index: 1, hashes: proveInclusion(1, size, readFromTiles(edge, sha256), sha256), checkpoint: note })
}
