import { Fault } from '#core/fault.ts'
import { tellsIdentityNumber } from '#core/model/identity-in-text.ts'

/** For what somebody writes freely and is kept in the clear: reasons, notes, keys of requests. Fault: `request-malformed`. */
export function refuseIdentityNumber(text: string | undefined, at: string): void {
  if (text !== undefined && tellsIdentityNumber(text)) throw new Fault('request-malformed', { at, detail: 'an identity number stands in it' })
}
