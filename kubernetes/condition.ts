/** A condition of a Kubernetes object, as Flux and others write them. */
export type Condition = {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  observedGeneration: number | null;
};
