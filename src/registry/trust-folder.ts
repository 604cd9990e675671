import type { TrustFileKind } from '#core/trust/peek-trust-file.ts'

/** The file beside the folders that is believed unsigned: what whoever made the folder trusts. */
export const anchorsFile = 'anchors.json'

/** Where each kind of file lies in a trust folder. */
export const trustFolders = {
  manifest: 'manifests',
  alliance: 'alliances',
  rules: 'rules',
  'status-list': 'status',
  freshness: 'freshness',
} as const satisfies Record<TrustFileKind, string>
