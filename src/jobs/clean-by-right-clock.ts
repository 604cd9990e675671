import { cleanUp } from '#registry/clean-up.ts'
import type { Office } from '#registry/office.ts'

/**
 * Forgets what has served its purpose, but by no clock that the neighbours call wrong: one that is days ahead would forget which requests were
 * answered, and a repeated one would issue again.
 *
 * @param heard when the neighbours have been asked for the first time, whether they answered or not
 */
export const cleanByRightClock = (office: Office, heard: Promise<unknown>) => async (): Promise<void> => {
  await heard
  if (office.gate.isOpen()) await cleanUp(office)
}
