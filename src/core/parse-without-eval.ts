import { config } from 'zod'

/**
 * Imported for what it does, and before any schema is made: zod then builds no function from text, which a page's policy forbids
 * (CSP without 'unsafe-eval') and would report as an attack. The same values are accepted and refused, a little more slowly.
 */
config({ jitless: true })
