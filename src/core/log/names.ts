/** The identity of a city's log: its issuer URL without the scheme, `/log` below it (C2SP tlog-tiles, "Parameters"). */
export const logOriginOf = (iss: string): string => `${iss.replace(/^https:\/\//, '')}/log`

/** The name under which a city cosigns the logs of others. */
export const witnessNameOf = (iss: string): string => `${iss.replace(/^https:\/\//, '')}/witness`
