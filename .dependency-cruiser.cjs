// Who may import whom. Each rule says why; `npm run layers` fails on the first that is broken. Type-only imports count like any other,
// except where a rule says otherwise.

// Laws are what several tests share: written like tests, run by them.
const TEST = '\\.(test|laws)\\.ts$';
const TARGET_INTERFACE = '^harness/targets/(target|capabilities)\\.ts$';

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'models-are-pure',
    comment: 'A cache model knows the domain, other models and lru-cache: no npm package besides, nothing of Node.',
    severity: 'error',
    from: { path: '^models/', pathNot: TEST },
    to: { pathNot: ['^models/', '(^|/)node_modules/lru-cache/'] },
  },
  {
    name: 'domain-knows-no-cache',
    comment: 'The domain is what caches and judges speak about; it stands on nothing but itself.',
    severity: 'error',
    from: { path: '^models/domain/', pathNot: TEST },
    to: { pathNot: '^models/domain/' },
  },
  {
    name: 'caches-never-see-the-authority',
    comment: 'A cache learns rights by asking the origin or by a notice. One that could look up the truth would prove nothing. Detours count.',
    severity: 'error',
    from: { path: '^models/', pathNot: [TEST, '^models/domain/'] },
    to: { path: '^models/domain/authority\\.ts$', reachable: true },
  },
  {
    name: 'fixtures-never-see-the-authority',
    comment: 'A fixture is a cache with one wrong decision. It leaks by mistake, never by looking up what would be a leak.',
    severity: 'error',
    from: { path: '^fixtures/', pathNot: TEST },
    to: { path: '^models/domain/authority\\.ts$' },
  },
  {
    name: 'properties-judge-events-only',
    comment: 'A judge reads what happened, never a cache and never the engine.',
    severity: 'error',
    from: { path: '^properties/', pathNot: TEST },
    to: { pathNot: ['^properties/', '^models/domain/'] },
  },
  {
    name: 'run-is-pure',
    comment: 'The stage plays programs against the target interface. It does no I/O and knows neither how programs are found nor who reports them.',
    severity: 'error',
    from: { path: '^harness/run/', pathNot: TEST },
    to: { pathNot: ['^harness/run/', '^models/', '^properties/', TARGET_INTERFACE] },
  },
  {
    name: 'search-is-pure',
    comment: 'Search makes, orders and shrinks programs. It does no I/O and meets targets by interface only.',
    severity: 'error',
    from: { path: '^harness/search/', pathNot: TEST },
    to: { pathNot: ['^harness/(search|run)/', '^models/', '^properties/', TARGET_INTERFACE, '(^|/)node_modules/fast-check/'] },
  },
  {
    name: 'target-interface-stays-an-interface',
    comment: 'Pure folders import it, so whatever it imports becomes theirs too: types of models and of run, nothing else.',
    severity: 'error',
    from: { path: TARGET_INTERFACE },
    to: { pathNot: ['^models/', '^harness/run/', TARGET_INTERFACE] },
  },
  {
    name: 'target-interface-takes-only-types-from-run',
    comment: 'run may use the interface (and its TargetFault); the way back is open to types alone, or there would be a cycle.',
    severity: 'error',
    from: { path: TARGET_INTERFACE },
    to: { path: '^harness/run/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'targets-never-judge',
    comment: 'A target answers. Whoever could see the verdict could be written to please it.',
    severity: 'error',
    from: { path: '^harness/targets/', pathNot: TEST },
    to: { path: ['^properties/', '^harness/(report|campaign|cli|bench)/'] },
  },
  {
    name: 'report-is-a-function-of-its-document',
    comment:
      'A report is computed from one plain value, so that it can be made again from a file years later. What it takes from outside is pure: zod to check the value, hashing to sign it.',
    severity: 'error',
    from: { path: '^harness/report/', pathNot: TEST },
    to: { pathNot: ['^harness/report/', '^models/domain/', '^properties/', '(^|/)node_modules/zod/', '^(node:)?crypto$'] },
  },
  {
    name: 'nobody-imports-the-command-line',
    comment: 'What others need does not belong into cli.',
    severity: 'error',
    from: { pathNot: '^harness/cli/' },
    to: { path: '^harness/cli/' },
  },
  {
    name: 'nobody-imports-benchmarks',
    comment: 'Measurements are not product code; they are left out of the build.',
    severity: 'error',
    from: { pathNot: '^harness/bench/' },
    to: { path: '^harness/bench/' },
  },
  {
    name: 'fixtures-are-for-the-proof',
    comment: 'Planted bugs reach tests, the self-test, the list of built-in targets and the benchmarks. The engine may not know what it is to find.',
    severity: 'error',
    from: { pathNot: ['^fixtures/', TEST, '^harness/selftest', '^harness/bench/', '^harness/cli/built-in\\.ts$'] },
    to: { path: '^fixtures/' },
  },
  {
    name: 'not-the-index-of-its-own-folder',
    comment: 'index.ts is the door for others. Through it, every file of a folder would depend on every other one.',
    severity: 'error',
    from: { path: '^(.+)/[^/]+$', pathNot: TEST },
    to: { path: '^$1/index\\.ts$' },
  },
  {
    name: 'not-the-public-door-from-inside',
    comment: 'harness/index.ts is for users, who have no other way in.',
    severity: 'error',
    from: { path: '^(harness|models|properties)/', pathNot: TEST },
    to: { path: '^harness/index\\.ts$' },
  },
  {
    name: 'no-cycles',
    comment: 'No file can be understood, or loaded, before itself. Type-only imports vanish when compiled and may close a circle.',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'tests-are-leaves',
    comment: 'What two tests share is a file of its own: `x.laws.ts`.',
    severity: 'error',
    from: {},
    to: { path: '\\.test\\.ts$' },
  },
  {
    name: 'laws-are-for-tests',
    comment: 'They are left out of the build, and the layers do not hold for them.',
    severity: 'error',
    from: { pathNot: [TEST, '^harness/bench/'] },
    to: { path: '\\.laws\\.ts$' },
  },
  {
    name: 'no-development-packages-in-the-product',
    comment: 'Whoever installs keyhole gets `dependencies` only. Fixtures are exempt: the ones that need a package say so when it is absent.',
    severity: 'error',
    from: { path: '^(harness|models|properties)/', pathNot: [TEST, '^harness/bench/'] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
  },
  {
    name: 'only-declared-packages',
    comment: 'A package that package.json does not name is there by chance. (The meta data of an optional peer count as a place that does not name it.)',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined'], dependencyTypesNot: ['npm', 'npm-dev'] },
  },
  {
    name: 'no-unresolvable-imports',
    comment: 'An import that leads nowhere hides what the other rules would say about it.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^coverage/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
    },
  },
};
