/** What the Kubernetes layer writes its log to; a pino logger fits. */
export interface KubeLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Counts each answer of the API server; status 0 stands for a fault of the network. */
export interface ClientMetrics {
  answered(method: string, status: number): void;
}

/** Follows how an informer fares. */
export interface InformerMetrics {
  /** The list or watch of a resource ended otherwise than by its own time limit. */
  restarted(resource: string): void;
  stale(resource: string, stale: boolean): void;
}

/** Follows a work queue; the names are those of client-go's metrics provider. */
export interface QueueMetrics {
  depth(queue: string, keys: number): void;
  added(queue: string): void;
  retried(queue: string): void;
  /** A key left the queue after waiting for so long. */
  waited(queue: string, seconds: number): void;
  worked(queue: string, result: 'success' | 'error' | 'requeue_after', seconds: number): void;
}

/** Says who leads. */
export interface LeaderMetrics {
  leading(name: string, leading: boolean): void;
}
