import type { PublicKey, Signer } from '#core/crypto/engine.ts'
import type { PublicJwk } from '#core/crypto/read-public-key.ts'

/** A key that was made inside a device. */
export interface DeviceKey {
  readonly jwk: PublicJwk
  /** RFC 7638 thumbprint. */
  readonly kid: string
  /** How the device finds the key again. Nothing secret, but whoever could change it would choose what the node signs with: it is kept sealed. */
  readonly locator: Uint8Array
}

/** Something that makes keys, signs with them, and gives none of them out. */
export interface KeyDevice {
  /** @param label what the device's own tools show. A key that nobody comes to use stays in the device and is no harm. */
  readonly makeKey: (label: string) => DeviceKey
  /** @throws `device-key-missing`. What the signer signs has been verified under `key` before it is handed out. */
  readonly openKey: (locator: Uint8Array, key: PublicKey) => Signer
}

/** The way to the device: nothing of it is loaded or asked for before it is opened. Owned by whoever opened the node. */
export interface DeviceDoor {
  /** Faults: `device-…`. One that failed may be opened again. */
  readonly open: () => Promise<KeyDevice>
  readonly close: () => void
}
