import type { PKCS11 } from 'pkcs11js'

import { Fault } from '#core/fault.ts'

/** The numbers that are used here (PKCS #11 v3.0, pkcs11t.h). The binding is older than Edwards curves and has none for them. */
export const cka = {
  class: 0x00,
  token: 0x01,
  private: 0x02,
  label: 0x03,
  id: 0x102,
  sensitive: 0x103,
  sign: 0x108,
  verify: 0x10a,
  extractable: 0x162,
  neverExtractable: 0x164,
  alwaysSensitive: 0x165,
  modifiable: 0x170,
  ecParams: 0x180,
  ecPoint: 0x181,
} as const
export const privateKeyClass = 0x03
export const userType = 1
export const mechanisms = { makeEdwardsKeyPair: 0x1055, eddsa: 0x1057 } as const
export const sessionFlags = 0x04 | 0x02 // CKF_SERIAL_SESSION, which is required, and CKF_RW_SESSION, for making keys
export const tokenFlags = { pinFinalTry: 0x20000, pinLocked: 0x40000 } as const
export const codes = { pinIncorrect: 0xa0, pinInvalid: 0xa1, pinLocked: 0xa4, alreadyLoggedIn: 0x100, alreadyInitialised: 0x191 } as const

/** What a Cryptoki function answered, as the binding throws it. Undefined for anything else that was thrown. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && error.name === 'Pkcs11Error' && 'code' in error && typeof error.code === 'number' ? error.code : undefined
}

/** Names such as CKR_DEVICE_REMOVED; nothing else of what a device says gets into a fault. */
export function deviceFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  return new Fault('device-failed', { detail: codeOf(error) === undefined ? undefined : (error as Error).message, cause: error }) // codeOf has seen an Error
}

// A module is initialised once a process, whoever asks.
const loaded = new Map<string, PKCS11>()

/**
 * The device's own library, loaded into this process.
 * @throws `device-support-missing` when the optional package is not installed, `device-module-unusable`
 */
export async function loadModule(path: string): Promise<PKCS11> {
  const known = loaded.get(path)
  if (known !== undefined) return known
  const { default: binding } = await import('pkcs11js').catch((cause: unknown) => {
    throw new Fault('device-support-missing', { at: 'pkcs11js', cause })
  })
  const library = new binding.PKCS11()
  try {
    library.load(path)
    library.C_Initialize()
  } catch (cause) {
    if (codeOf(cause) !== codes.alreadyInitialised) throw new Fault('device-module-unusable', { at: path, cause })
  }
  loaded.set(path, library)
  return library
}

/** Ends the library and begins it anew, which ends every session with it in this process. */
export function restart(library: PKCS11): void {
  try {
    library.C_Finalize()
  } catch {
    // Somebody else has ended it.
  }
  library.C_Initialize()
}
