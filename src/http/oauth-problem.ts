import type { OauthProblem } from '#contract/oauth.ts'
import type { Problem } from '#contract/schemas.ts'

/** Error codes of RFC 6749 §5.2, by ours; anything else about the request is `invalid_request`. */
const errors: Readonly<Record<string, OauthProblem['error']>> = {
  'assertion-refused': 'invalid_client',
  'grant-refused': 'unsupported_grant_type',
  'scope-refused': 'invalid_scope',
  'requests-too-many': 'temporarily_unavailable',
  internal: 'server_error',
}

/** A problem in the form that OAuth clients read: `error` and `error_description` beside our own members. */
export const oauthProblemOf = (problem: Problem): OauthProblem => ({
  error: errors[problem.code] ?? (problem.status >= 500 ? 'server_error' : 'invalid_request'),
  error_description: problem.titleEn,
  ...problem,
})
