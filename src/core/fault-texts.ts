import { signedFormFaults } from './fault-texts/signed-form.ts'
import { ledgerFaults } from './fault-texts/ledger.ts'
import { storageFaults } from './fault-texts/storage.ts'
import { trustFaults } from './fault-texts/trust.ts'
import { registryFaults } from './fault-texts/registry.ts'
import { deviceFaults } from './fault-texts/device.ts'
import { paperFaults } from './fault-texts/paper.ts'
import { bundleFaults } from './fault-texts/bundle.ts'
import { logFaults } from './fault-texts/log.ts'
import { logServiceFaults } from './fault-texts/log-service.ts'
import { serviceFaults } from './fault-texts/service.ts'
import { viewFaults } from './fault-texts/views.ts'

/** What each fault says, and what the reader can do about it. One line a code in its group's file; the code is stable for other people's programs. */
export const faultTexts = {
  ...signedFormFaults,
  ...ledgerFaults,
  ...storageFaults,
  ...trustFaults,
  ...bundleFaults,
  ...registryFaults,
  ...paperFaults,
  ...logFaults,
  ...logServiceFaults,
  ...serviceFaults,
  ...deviceFaults,
  ...viewFaults,
} as const
