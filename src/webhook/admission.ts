/** Who the API server says is calling: authentication.k8s.io/v1 UserInfo, exactly the fields that it sent. */
export interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What Sekisho reads of an admission.k8s.io/v1 AdmissionRequest. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subResource: string;
  readonly operation: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  readonly userInfo: UserInfo;
  /** As the API server decoded, defaulted and pruned it; not yet validated. */
  readonly object: unknown;
}

/** One operation of RFC 6902; `add` on a member that exists replaces it. */
export interface PatchOperation {
  readonly op: 'add';
  readonly path: string;
  readonly value: unknown;
}

/** One wrong field, as metav1.StatusCause has it. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** What Sekisho uses of metav1.Status. */
export interface StatusResult {
  readonly status: 'Failure';
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly Cause[];
    readonly retryAfterSeconds?: number;
  };
}

/** An admission.k8s.io/v1 AdmissionResponse. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly warnings?: readonly string[];
  readonly patchType?: 'JSONPatch';
  /** Base64 of the JSON patch. */
  readonly patch?: string;
  readonly status?: StatusResult;
}

/** The envelope that goes back to the API server. */
export interface AdmissionReview {
  readonly apiVersion: 'admission.k8s.io/v1';
  readonly kind: 'AdmissionReview';
  readonly response: AdmissionResponse;
}
