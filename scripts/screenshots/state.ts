import type { Page } from 'playwright-core'

import type { WebWorld } from '../../test/support/open-web-world.ts'

/** A state of a public page: what brings it about. */
export interface State {
  readonly name: string
  readonly show: (page: Page, world: WebWorld) => Promise<void>
  /** As it would be printed. */
  readonly print?: boolean
  /** Before the node has ever been heard, and without a way to it. */
  readonly cut?: boolean
  /** On a device that cannot keep the page for times without a network. */
  readonly forgetful?: boolean
  /** On a page of which a newer version waits. */
  readonly newer?: boolean
  /** `/` where it is left out. */
  readonly path?: string
}
