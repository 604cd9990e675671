import { allianceAsOf, everythingAsOf, manifestAsOf, rulesAsOf, statusAsOfRoute, verifyAsOfRoute } from './as-of.ts'
import { listAudit } from './audit.ts'
import { allianceBundle, wholeBundle } from './bundles.ts'
import { certificate } from './certificates.ts'
import { closeClientRoute, listClientsRoute, putNumberScheme, registerClientRoute } from './clients.ts'
import { approveDraftRoute, createDraft, getDraft, listDraftsRoute, rejectDraftRoute } from './drafts.ts'
import { approveImportRoute, createImport, getImport, importResult, listImportRowsRoute, listImports } from './imports.ts'
import { addCheckpoint, logCheckpoint, logForks, logTile, mirroredLogCheckpoint, mirroredLogTile } from './log.ts'
import { serverMetadata, token } from './oauth.ts'
import {
  allianceFile,
  claim,
  health,
  heldFile,
  issuerMetadata,
  manifestFile,
  readiness,
  ruleSetFile,
  statusListFile,
  trustAnchors,
  trustIndex,
  verifyRoute,
} from './public.ts'
import { addSignatures, createProposal, getProposal, listProposalsRoute } from './proposals.ts'
import { draftRecognitionRoute } from './recognitions.ts'
import { changeStatusRoute, getRecord, handOutCode, lookUpRecords, presentRecord, statusHistoryRoute } from './records.ts'
import { approveReissuesRoute, draftReissuesRoute, listReissues } from './reissues.ts'
import type { Route } from './route.ts'
import { joinAllianceRoute, refreshTrustRoute, takeTrustFile } from './trust.ts'
import { bitstringStatusList, didDocument, didDocumentBelow, trqpAuthorization, trqpRecognition } from './views.ts'

/** Every route of a node, the ones that are asked most often first. A new route is one value, one line here and one binding. */
export const routes = {
  public: [
    verifyRoute,
    statusListFile,
    manifestFile,
    trustIndex,
    trustAnchors,
    allianceFile,
    ruleSetFile,
    heldFile,
    allianceBundle,
    wholeBundle,
    claim,
    certificate,
    health,
    readiness,
    issuerMetadata,
  ],
  log: [logCheckpoint, logTile, addCheckpoint, mirroredLogCheckpoint, mirroredLogTile, logForks],
  views: [didDocument, didDocumentBelow, bitstringStatusList, trqpAuthorization, trqpRecognition],
  asOf: [verifyAsOfRoute, statusAsOfRoute, manifestAsOf, allianceAsOf, rulesAsOf, everythingAsOf],
  oauth: [token, serverMetadata],
  drafts: [approveDraftRoute, createDraft, listDraftsRoute, getDraft, rejectDraftRoute],
  records: [lookUpRecords, getRecord, presentRecord, changeStatusRoute, statusHistoryRoute, handOutCode],
  recognitions: [draftRecognitionRoute],
  reissues: [listReissues, draftReissuesRoute, approveReissuesRoute],
  imports: [createImport, listImports, getImport, listImportRowsRoute, importResult, approveImportRoute],
  trust: [takeTrustFile, joinAllianceRoute, refreshTrustRoute],
  proposals: [createProposal, listProposalsRoute, getProposal, addSignatures],
  clients: [registerClientRoute, closeClientRoute, listClientsRoute, putNumberScheme],
  audit: [listAudit],
} as const satisfies Record<string, readonly Route[]>

export const allRoutes: readonly Route[] = Object.values(routes).flat()
