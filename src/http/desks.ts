import type { BundleDesk } from '#registry/bundle-desk.ts'
import type { CertificateDesk } from '#registry/certificate/certificate-desk.ts'
import type { Office } from '#registry/office.ts'
import type { TrustRefresher } from '#registry/refresh-trust.ts'
import type { TokenDesk } from '#registry/token-desk.ts'
import type { TrustDesk } from '#registry/trust-desk.ts'
import type { TrustShelf } from '#registry/trust-shelf.ts'

/** The node as its edge sees it. Each group of answers asks for the parts that it uses. */
export interface Desks {
  readonly office: Office
  readonly desk: TrustDesk
  readonly shelf: TrustShelf
  readonly bundles: BundleDesk
  readonly tokens: TokenDesk
  readonly certificates: CertificateDesk
  readonly refresher: TrustRefresher
  /** This process took or published a trust file: both desk and shelf look before their next answer. */
  readonly trustChanged: () => void
  /** Where others reach this node, without a slash at its end. */
  readonly address: () => string
  /** A number scheme was set: read them anew. */
  readonly schemesChanged: () => Promise<void>
  /** An import waits: see that somebody works on it. */
  readonly importQueued: () => void
}
