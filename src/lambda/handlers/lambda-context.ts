/** What the handlers use of the context that Lambda passes them. */
export interface LambdaContext {
  /** Milliseconds until Lambda ends the call. */
  getRemainingTimeInMillis?(): number
  /** The id of the call. */
  readonly awsRequestId?: string | undefined
  /** The name of the function. */
  readonly functionName?: string | undefined
  /** The version of the function. */
  readonly functionVersion?: string | undefined
}
