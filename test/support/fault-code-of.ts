import { Fault } from '#core/fault.ts'

/** The code of the fault that a promise ends in; anything else it ends in goes on. */
export async function faultCodeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (fault) {
    if (fault instanceof Fault) return fault.code
    throw fault
  }
  return 'no fault'
}
