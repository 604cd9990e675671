import { createHash } from 'node:crypto'

import type { Signer } from '#core/crypto/engine.ts'
import { readPublicKeyBytes } from '#core/crypto/read-public-key.ts'
import { noteKey, type NoteKey } from '#core/log/signed-note.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import { nodeSigner, publicBytesOfSeed } from '#custody/node-signer.ts'

export interface NoteSigner {
  readonly signer: Signer
  readonly key: NoteKey
}

const made = new Map<string, NoteSigner>()

/** The same key for the same name, every time. */
export function signerNamed(name: string, type: NoteKey['type'] = 'ed25519', seedOf = name): NoteSigner {
  const label = `${name} ${type} ${seedOf}`
  let signer = made.get(label)
  if (signer === undefined) made.set(label, (signer = make(name, type, seedOf)))
  return signer
}

function make(name: string, type: NoteKey['type'], seedOf: string): NoteSigner {
  const seed = createHash('sha256').update(seedOf).digest()
  return { signer: nodeSigner(seed), key: noteKey(name, type, readPublicKeyBytes(publicBytesOfSeed(seed)), nodeEngine.sha256) }
}
