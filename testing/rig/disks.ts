/** Disks that wait for whoever claims one: nothing provisions them on a rig. */
export const disks = Array.from({ length: 4 }, (_, index) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `disk-${index}` },
  spec: { capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: `/disks/${index}` } },
}));
