import type { Engine } from '../crypto/engine.ts'
import { Fault, type FaultCode } from '../fault.ts'
import { verifyForkProof } from '../log/fork-proof.ts'
import type { Truth } from '../model/truth.ts'
import type { Trust } from './assemble-trust.ts'
import { logKeysOf } from './log-keys.ts'

export interface ForkCheck {
  /** `cannot-tell`: neither head is signed by a log whose keys are at hand. */
  readonly answer: Truth
  /** Whose log it was, and at which size; of a proof that holds. */
  readonly origin?: string
  readonly size?: number
  /** Why it does not hold. */
  readonly code?: FaultCode
}

/** Whether a text proves that one of the cities that are trusted has signed two histories of its log. */
export function checkFork(text: Uint8Array, { authorities }: Pick<Trust, 'authorities'>, engine: Engine): ForkCheck {
  try {
    const keys = [...authorities.values()].flatMap((city) => logKeysOf(city, engine).log)
    const { origin, size } = verifyForkProof(text, keys, engine)
    return { answer: 'yes', origin, size }
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return { answer: fault.code === 'log-signature-missing' ? 'cannot-tell' : 'no', code: fault.code }
  }
}
