import { mayUse } from './scripts/rooms.ts';

/**
 * The laws of the house (docs/architecture.md), as rules. `make laws` also plants a violation of each and expects to see it
 * caught, because an architecture test that cruises nothing passes too.
 */

const rooms = Object.keys(mayUse);
const sdks = ['octokit', '@aws-sdk/client-s3', 'dockerode', '@kubernetes/client-node', 'onnxruntime-node', 'sharp', 'node-av', 'undici', '@grpc/grpc-js', '@nats-io', 'mqtt', 'execa', 'tar-stream'];
const builtins = ['fs', 'child_process', 'net', 'http', 'https', 'worker_threads', 'sqlite'];

const testFiles = '\\.(test|contract|fixture)\\.ts$';
/** The programs that run at a site: each wires its own few adapters. */
const serverPrograms = '^runtime/(main|replay)\\.ts$|^places/(main|stage|start-place)\\.ts$';

const directionRules = rooms.map((room) => ({
  name: `direction-${room.replace('/', '-')}`,
  comment: `${room} may use only: ${mayUse[room].join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: testFiles },
  to: { path: `^(${rooms.filter((other) => other !== room && !mayUse[room].includes(other)).join('|')}|testing|bench|examples)/` },
}));

const doorRules = rooms.map((room) => ({
  name: `door-${room.replace('/', '-')}`,
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
      name: 'no-room-of-its-own',
      comment: 'pipelines/ holds pipelines, each in its folder',
      severity: 'error',
      from: { path: '^pipelines/[^/]+$' },
      to: {},
    },
    {
      name: 'sdk-outside-adapters',
      comment: 'SDKs and the outside world live in adapters/',
      severity: 'error',
      from: { path: `^(${rooms.join('|')})/`, pathNot: `/adapters/|^cli/cli\\.ts$|${serverPrograms}|${testFiles}` },
      to: { path: `^(node:)?(${builtins.join('|')})(/promises)?$|node_modules/(${sdks.join('|')})/` },
    },
    {
      name: 'adapters-only-from-compose',
      comment: 'ports meet adapters in cli/compose*.ts and nowhere else',
      severity: 'error',
      from: { pathNot: `/adapters/|^cli/compose[a-z-]*\\.ts$|${serverPrograms}|^(testing|bench|scripts|examples)/|${testFiles}` },
      to: { path: '/adapters/', pathNot: 'node_modules/' },
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
    exclude: { path: '^(images/dist|\\.demo|\\.demo-github|\\.demo-graphs|\\.fieldproof)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
