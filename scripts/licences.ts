import { licensePlugin } from 'rolldown-license-plugin';

/** Whoever hands on a package hands on its licence. */
export const licences = licensePlugin({
  failOnUnlicensed: true,
  done: (packages, bundle) => {
    const texts = packages.map(({ name, version, license, licenseText }) => `${name} ${version} (${license})\n\n${licenseText}`);
    bundle.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: `${texts.toSorted().join('\n\n')}\n` });
  },
});
