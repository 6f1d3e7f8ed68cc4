/**
 * The three laws of the house (docs/architecture.md), as rules. `make laws` also plants a violation of each and expects
 * to see it caught, because an architecture test that cruises nothing passes too.
 */
const rooms = ['kernel', 'datasets', 'eval', 'images', 'ledger', 'gitops', 'git', 'runtime', 'pipelines'];
const sdks = ['octokit', '@aws-sdk/client-s3', 'dockerode', '@kubernetes/client-node', 'onnxruntime-node', 'sharp', 'node-av', 'undici', 'execa', 'tar-stream'];
const builtins = ['fs', 'child_process', 'net', 'http', 'https', 'worker_threads'];

/** Which doors each room may go through. */
const mayUse = {
  kernel: [],
  git: ['kernel'],
  datasets: ['kernel'],
  eval: ['kernel', 'datasets'],
  images: ['kernel'],
  ledger: ['kernel', 'git'],
  gitops: ['kernel', 'git'],
  runtime: ['kernel'],
  pipelines: ['kernel', 'datasets', 'eval', 'images', 'ledger', 'gitops', 'git'],
};

const testFiles = '\\.(test|contract|fixture)\\.ts$';

const directionRules = rooms.map((room) => ({
  name: `direction-${room}`,
  comment: `${room} may use only: ${mayUse[room].join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: testFiles },
  to: { path: `^(${rooms.filter((other) => other !== room && !mayUse[room].includes(other)).join('|')}|testing|bench|examples)/` },
}));

const doorRules = rooms.map((room) => ({
  name: `door-${room}`,
  comment: `${room} is entered by its index.ts alone`,
  severity: 'error',
  from: { pathNot: `^(${room}/|testing/|bench/|scripts/|examples/)|${testFiles}` },
  to: { path: `^${room}/`, pathNot: `^${room}/(adapters/)?index\\.ts$` },
}));

export default {
  forbidden: [
    ...directionRules,
    ...doorRules,
    {
      name: 'sdk-outside-adapters',
      comment: 'SDKs and the outside world live in adapters/',
      severity: 'error',
      from: { path: `^(${rooms.join('|')})/`, pathNot: `/adapters/|^pipelines/cli\\.ts$|^runtime/(main|replay)\\.ts$|${testFiles}` },
      to: { path: `^(node:)?(${builtins.join('|')})(/promises)?$|node_modules/(${sdks.join('|')})/` },
    },
    {
      name: 'adapters-only-from-compose',
      comment: 'adapters are wired in pipelines/compose*.ts and nowhere else',
      severity: 'error',
      from: { pathNot: `/adapters/|^pipelines/compose[a-z-]*\\.ts$|^runtime/(main|replay)\\.ts$|^(testing|bench|scripts|examples)/|${testFiles}` },
      to: { path: '^[a-z]+/adapters/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'kernel-imports-only-zod-and-yaml',
      severity: 'error',
      from: { path: '^kernel/', pathNot: testFiles },
      to: { path: 'node_modules/', pathNot: 'node_modules/(zod|yaml)/' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.demo|\\.demo-github|\\.fieldproof)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
