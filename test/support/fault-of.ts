import { Fault } from '#core/fault.ts'

/** The code of the fault that `work` throws; anything else it throws goes on. */
export function faultOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'no fault'
}
