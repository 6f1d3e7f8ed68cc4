/** The fields of a pod that a container engine can keep, and that our manifests use. */
export type Pod = {
  securityContext: { runAsUser: number; runAsGroup: number };
  containers: readonly [
    {
      image: string;
      command?: readonly string[];
      args?: readonly string[];
      env?: readonly { name: string; value: string }[];
      securityContext: {
        readOnlyRootFilesystem: boolean;
        allowPrivilegeEscalation: boolean;
        capabilities: { drop: readonly string[] };
      };
      resources?: { limits?: { memory?: string; cpu?: string } };
      volumeMounts: readonly { name: string; mountPath: string; readOnly?: boolean }[];
    },
  ];
  volumes: readonly {
    name: string;
    image?: { reference: string };
    emptyDir?: object;
    configMap?: object;
    persistentVolumeClaim?: object;
  }[];
};

/**
 * What `docker run` is told so that it runs a pod's one container as a cluster would.
 * @param images by reference: the engine's id of an image that is run, or the folder of one that is mounted
 * @param folders by the name of a volume: what a ConfigMap holds, or a disk
 * @throws Error for a field that would be dropped in silence
 */
export function dockerArguments(
  { securityContext, containers: [container], volumes }: Pod,
  images: ReadonlyMap<string, string>,
  folders: ReadonlyMap<string, string> = new Map(),
): string[] {
  const { image, command = [], args = [], env = [], resources, volumeMounts } = container;
  const of = (reference: string) => {
    const found = images.get(reference);
    if (found === undefined) throw new Error(`the engine has no ${reference}`);
    return found;
  };
  const mounts = volumeMounts.map(({ name, mountPath }) => {
    const volume = volumes.find((entry) => entry.name === name);
    if (volume?.image !== undefined) return `--volume=${of(volume.image.reference)}:${mountPath}:ro`;
    if (volume?.emptyDir !== undefined) return `--tmpfs=${mountPath}`;
    const folder = folders.get(name);
    if (folder !== undefined) return `--volume=${folder}:${mountPath}${volume?.configMap === undefined ? '' : ':ro'}`;
    throw new Error(`no volume ${name}`);
  });
  const [entrypoint, ...words] = command;
  return [
    `--user=${securityContext.runAsUser}:${securityContext.runAsGroup}`,
    ...(container.securityContext.readOnlyRootFilesystem ? ['--read-only'] : []),
    ...(container.securityContext.allowPrivilegeEscalation ? [] : ['--security-opt=no-new-privileges']),
    ...container.securityContext.capabilities.drop.map((capability) => `--cap-drop=${capability}`),
    ...(resources?.limits?.memory === undefined ? [] : [`--memory=${resources.limits.memory.replace('Mi', 'm')}`]),
    ...mounts,
    ...env.map(({ name, value }) => `--env=${name}=${value}`),
    ...(entrypoint === undefined ? [] : [`--entrypoint=${entrypoint}`]),
    of(image),
    ...words,
    ...args,
  ];
}
