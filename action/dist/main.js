import { appendFileSync, chmodSync, createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createHash, randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import { pathToFileURL } from "node:url";
// action/inputs.ts
/** What a workflow gave, checked. Pure: an environment and an event in, inputs or every problem at once out. */
const COMMANDS = [
	"check",
	"open",
	"images",
	"part",
	"predict",
	"publish",
	"accept",
	"deploy",
	"replay",
	"complete",
	"audit"
];
/** Jobs of these run, or are near, what a stranger wrote. */
const SECRETLESS = ["images", "part"];
/** A ref or commit id that no program can take for an option, and no shell for anything. */
const REF = /^[0-9A-Za-z][0-9A-Za-z._/-]{0,254}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const CHIPSET = /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/;
function readInputs(env, event) {
	const problems = [];
	const given = (name) => (env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] ?? "").trim();
	const oneOf = (name, choices, fallback) => {
		const found = choices.find((choice) => choice === (given(name) || fallback));
		if (found === void 0) problems.push(notAmong(name, given(name), choices));
		return found ?? fallback;
	};
	const matching = (name, value, pattern, remedy) => {
		if (!pattern.test(value)) problems.push({
			input: name,
			message: `${JSON.stringify(value)} is none`,
			remedy
		});
		return value;
	};
	const inputs = {
		command: oneOf("command", COMMANDS, "check"),
		repositoryPath: given("repository-path") || ".",
		base: matching("base", given("base") || event.base || "HEAD", REF, "give a full commit id or a branch"),
		head: matching("head", given("head") || event.head || "HEAD", REF, "give a full commit id or a branch"),
		pullRequest: given("pull-request") || event.pullRequest || null,
		comment: given("comment") || event.comment || null,
		defaultBranch: REF.test(event.defaultBranch) ? event.defaultBranch : null,
		runner: oneOf("runner", ["docker", "process"], "docker"),
		chipsets: given("chipset").split(/[\s,]+/).filter(Boolean),
		round: given("round") === "" ? null : oneOf("round", ["research", "replay"], "research"),
		images: given("images") || "fieldproof/images",
		parts: given("parts") || "fieldproof/parts",
		opened: given("opened") || "fieldproof/opened",
		report: given("report") || "fieldproof/report",
		installation: {
			folder: given("installation") || "fieldproof/installation",
			digest: given("installation-digest") === "" ? "" : matching("installation-digest", given("installation-digest"), SHA256, "give the output of open")
		},
		problems: given("problems") || "fieldproof/problems",
		publish: oneOf("publish", ["true", "false"], "true") === "true",
		push: oneOf("push", ["true", "false"], "false") === "true",
		ledger: given("ledger") === "" ? null : matching("ledger", given("ledger"), REF, "give the name of a remote, such as origin"),
		failOn: oneOf("fail-on", [
			"inconclusive",
			"fail",
			"never"
		], "inconclusive"),
		secrets: {
			githubToken: given("github-token"),
			appId: given("app-id"),
			appPrivateKey: given("app-private-key"),
			fleetToken: given("fleet-token"),
			signingKey: given("signing-key"),
			bucketAccessKeyId: given("bucket-access-key-id"),
			bucketSecretAccessKey: given("bucket-secret-access-key"),
			kubeconfig: given("kubeconfig")
		}
	};
	problems.push(...crossChecks(inputs));
	return {
		inputs,
		problems
	};
}
function crossChecks({ command, pullRequest, comment, chipsets, round, secrets, publish, ledger }) {
	const problems = [];
	if (pullRequest !== null && !/^[1-9]\d{0,9}$/.test(pullRequest)) problems.push({
		input: "pull-request",
		message: `${JSON.stringify(pullRequest)} is no number`,
		remedy: "give its number"
	});
	if (command === "accept" && !/^[1-9]\d{0,14}$/.test(comment ?? "")) problems.push({
		input: "comment",
		message: "is no id of a comment",
		remedy: "run it on issue_comment, or give the id"
	});
	if (command === "part" && round === null) problems.push({
		input: "round",
		message: "a part needs one",
		remedy: "give research or replay"
	});
	if (command === "part" && chipsets.length === 0) problems.push({
		input: "chipset",
		message: "a part needs one",
		remedy: "say which chipset of fieldproof.yaml this machine is"
	});
	for (const name of chipsets.filter((chipset) => !CHIPSET.test(chipset))) problems.push({
		input: "chipset",
		message: `${JSON.stringify(name)} is none`,
		remedy: "give names or runner labels, with commas"
	});
	if (secrets.appId === "" !== (secrets.appPrivateKey === "")) problems.push({
		input: "app-private-key",
		message: "goes with app-id, and one is missing",
		remedy: "give both, or neither"
	});
	if (secrets.bucketAccessKeyId === "" !== (secrets.bucketSecretAccessKey === "")) problems.push({
		input: "bucket-secret-access-key",
		message: "goes with bucket-access-key-id, and one is missing",
		remedy: "give both, or neither"
	});
	if (SECRETLESS.includes(command)) {
		const names = {
			"github-token": secrets.githubToken,
			"app-private-key": secrets.appPrivateKey,
			"fleet-token": secrets.fleetToken,
			"signing-key": secrets.signingKey,
			"bucket-secret-access-key": secrets.bucketSecretAccessKey,
			kubeconfig: secrets.kubeconfig
		};
		for (const [input, value] of Object.entries(names)) if (value !== "") problems.push({
			input,
			message: `${command} works beside a stranger's program and takes no secret`,
			remedy: `give it an empty one: ${input}: ''`
		});
	} else if (secrets.githubToken === "" && secrets.appId === "" && publish && [
		"check",
		"open",
		"publish",
		"accept"
	].includes(command)) problems.push({
		input: "github-token",
		message: "is empty, and nothing can be published without one",
		remedy: "give one, or publish: 'false'"
	});
	if (ledger !== null && ledger.includes("..")) problems.push({
		input: "ledger",
		message: "is no remote",
		remedy: "give the name of a remote, such as origin"
	});
	return problems;
}
function notAmong(input, value, choices) {
	return {
		input,
		message: `${JSON.stringify(value)} is none`,
		remedy: `give one of: ${choices.join(", ")}`
	};
}
/** Reads base, head, number and default branch out of the payload that GitHub wrote. What is not there, or not a text, is empty. */
function eventOf(payload, env) {
	const at = (...path) => {
		let value = payload;
		for (const key of path) value = typeof value === "object" && value !== null && Object.hasOwn(value, key) ? value[key] : void 0;
		return typeof value === "string" || typeof value === "number" ? String(value) : "";
	};
	return {
		base: at("pull_request", "base", "sha") || at("merge_group", "base_sha"),
		head: at("pull_request", "head", "sha") || at("merge_group", "head_sha") || (env["GITHUB_SHA"] ?? ""),
		pullRequest: at("pull_request", "number"),
		comment: at("comment", "id"),
		defaultBranch: at("repository", "default_branch")
	};
}
// action/outputs.ts
/** The text for the file that GITHUB_OUTPUT names. */
function outputText(outputs, delimiter = `fieldproof-${randomBytes(24).toString("hex")}`) {
	return Object.entries(outputs).map(([name, value]) => {
		if (value.includes(delimiter)) throw new Error("an output holds its own delimiter");
		return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
	}).join("");
}
const VERDICTS = [
	"pass",
	"fail",
	"inconclusive"
];
const RECORD = /^sha256:[0-9a-f]{64}$/;
/** Verdict and records of a report.json; nothing where it is not as Fieldproof writes it. */
function reportOutputs(text) {
	const report = objectOf(parsed(text));
	return {
		verdict: VERDICTS.find((known) => known === report["outcome"]) ?? "",
		"record-id": (Array.isArray(report["models"]) ? report["models"] : []).map((model) => objectOf(model)["record"]).filter((record) => typeof record === "string" && RECORD.test(record)).join(" ")
	};
}
/** What open wrote, for the jobs that follow. */
function openedOutputs(text) {
	const opened = objectOf(parsed(text));
	const chipsets = Array.isArray(opened["chipsets"]) ? opened["chipsets"] : [];
	return {
		judged: opened["judged"] === true ? "true" : "false",
		chipsets: JSON.stringify(chipsets)
	};
}
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
function objectOf(value) {
	return typeof value === "object" && value !== null ? value : {};
}
/** One line for the log, which the runner takes for an error of this step. */
function errorLine(title, text) {
	const escape = (value) => value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
	const property = (value) => escape(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
	return `::error title=${property(title)}::${escape(text)}\n`;
}
/**
* What stands around a program's output, so that no line of it is taken for a command. The word is known to nobody who
* writes between the two.
*/
function silencers(word = randomBytes(24).toString("hex")) {
	return {
		before: `::stop-commands::${word}\n`,
		after: `::${word}::\n`
	};
}
// action/installation.ts
/** What no job here reads: declarations, maps, and the libraries of other systems. */
const LEFT_OUT = [
	"*.d.ts",
	"*.d.mts",
	"*.d.cts",
	"*.map",
	"onnxruntime-node/bin/napi-v6/darwin",
	"onnxruntime-node/bin/napi-v6/win32",
	`onnxruntime-node/bin/napi-v6/linux/${process.arch === "arm64" ? "x64" : "arm64"}`
];
/** Returns the digest of what was packed: 64 hex digits. */
async function packInstallation({ home, folder }) {
	mkdirSync(folder, { recursive: true });
	const file = fileIn(folder);
	const tar = spawn("tar", [
		"-cf",
		"-",
		...LEFT_OUT.map((name) => `--exclude=${name}`),
		"node_modules"
	], { cwd: home });
	await Promise.all([pipeline(tar.stdout, createZstdCompress(), createWriteStream(file)), ended(tar, "tar -c")]);
	return await digestOfFile(file);
}
/** False where there is nothing to unpack for a machine of this kind. @throws where it is not what was packed */
async function unpackInstallation({ home, folder }, digest) {
	const file = fileIn(folder);
	if (digest === "" || !existsSync(file)) return false;
	const found = await digestOfFile(file);
	if (found !== digest) throw new Error(`${file} is not what the first job of this run packed: sha256 ${found}, not ${digest}`);
	const tar = spawn("tar", ["-xf", "-"], { cwd: home });
	const given = pipeline(createReadStream(file), createZstdDecompress(), tar.stdin).catch(unlessEnoughWasRead);
	await Promise.all([given, ended(tar, "tar -x")]);
	return true;
}
/** tar goes when it has seen the end of the archive, and need not wait for ours: whether it had all of it, its exit code says. */
function unlessEnoughWasRead(thrown) {
	const code = thrown instanceof Error && "code" in thrown ? thrown.code : "";
	if (code !== "ERR_STREAM_PREMATURE_CLOSE" && code !== "EPIPE") throw thrown;
}
/** Packages hold libraries for one system. */
function fileIn(folder) {
	return join(folder, `packages-${process.platform}-${process.arch}.tar.zst`);
}
async function digestOfFile(file) {
	const hash = createHash("sha256");
	await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
	return hash.digest("hex");
}
async function ended(child, what) {
	const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
	if (code !== 0) throw new Error(`${what} ended with ${code}`);
}
// action/environment.ts
/**
* What a call of the CLI may see of the job's environment. Nothing is handed on by default: a runner's environment holds
* tokens that can write caches and artifacts, and sign in elsewhere.
*/
const PLAIN = [
	"PATH",
	"HOME",
	"LANG",
	"LC_ALL",
	"TMPDIR",
	"XDG_CACHE_HOME",
	"XDG_RUNTIME_DIR",
	"DOCKER_HOST",
	"DOCKER_CONFIG",
	"FIELDPROOF_CACHE",
	"NO_COLOR",
	"http_proxy",
	"https_proxy",
	"HTTP_PROXY",
	"HTTPS_PROXY",
	"no_proxy",
	"NO_PROXY",
	"NODE_EXTRA_CA_CERTS",
	"SSL_CERT_FILE",
	"GIT_SSL_CAINFO",
	"FIELDPROOF_DEBIAN_MIRROR"
];
/** Where and for what the job runs, and the keys of clusters: of use only to what publishes or deploys. */
const PLACE = [
	"GITHUB_API_URL",
	"GITHUB_SERVER_URL",
	"GITHUB_REPOSITORY",
	"GITHUB_RUN_ID",
	"GITHUB_EVENT_NAME",
	"GITHUB_STEP_SUMMARY",
	"KUBECONFIG"
];
const BUCKET = [
	"AWS_ACCESS_KEY_ID",
	"AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN",
	"AWS_REGION",
	"AWS_ENDPOINT_URL_S3"
];
/** @param askpass a program that tells git the password of a step, where the step may have one */
function environmentOf({ access }, env, secrets, askpass) {
	const take = (names) => Object.fromEntries(names.flatMap((name) => env[name] === void 0 ? [] : [[name, env[name]]]));
	const bucket = secrets.bucketAccessKeyId === "" ? take(BUCKET) : {
		...take(BUCKET),
		AWS_ACCESS_KEY_ID: secrets.bucketAccessKeyId,
		AWS_SECRET_ACCESS_KEY: secrets.bucketSecretAccessKey
	};
	const plain = {
		FIELDPROOF_CACHE: `${env["RUNNER_TEMP"] ?? "/tmp"}/fieldproof-cache`,
		FIELDPROOF_DATA: `${env["GITHUB_WORKSPACE"] ?? "."}/fieldproof/data`,
		...take(PLAIN)
	};
	if (access === "none") return plain;
	const git = askpass === null ? {} : { GIT_ASKPASS: askpass };
	if (access === "data") return {
		...plain,
		...git,
		...bucket
	};
	if (access !== "code-host") return {
		...plain,
		...git
	};
	const app = secrets.appId === "" ? {} : {
		FIELDPROOF_APP_ID: secrets.appId,
		FIELDPROOF_APP_PRIVATE_KEY: secrets.appPrivateKey
	};
	const token = secrets.githubToken === "" ? {} : { GITHUB_TOKEN: secrets.githubToken };
	const fleet = secrets.fleetToken === "" ? {} : { FIELDPROOF_FLEET_TOKEN: secrets.fleetToken };
	return {
		...plain,
		...git,
		...take(PLACE),
		...bucket,
		...token,
		...app,
		...fleet
	};
}
function passwordsOf({ access }, { githubToken, fleetToken }) {
	const fleet = fleetToken || githubToken;
	return {
		none: {
			own: "",
			other: ""
		},
		ledger: {
			own: githubToken,
			other: githubToken
		},
		data: {
			own: githubToken,
			other: ""
		},
		fleet: {
			own: fleet,
			other: fleet
		},
		"code-host": {
			own: githubToken,
			other: fleet
		}
	}[access];
}
// action/steps.ts
const GLANCE = "glance";
/**
* Looks, before anything is installed, whether the change touches anything that is judged; where it does not, its check is ended, and that
* is all. Null for a command that begins no check.
*/
function glanceOf(inputs) {
	const begins = inputs.command === "open" || inputs.command === "check" && inputs.publish;
	const { base, head, opened } = inputs;
	const args = [
		GLANCE,
		...repo(inputs),
		"--base",
		base,
		"--head",
		head,
		"--out",
		opened,
		...pullRequest(inputs)
	];
	return begins ? step(args, "code-host", { codes: "told" }) : null;
}
/** What a command of the action comes to. Pure. */
function stepsOf(inputs) {
	const share = sharing(inputs);
	switch (inputs.command) {
		case "check": return [
			...share,
			fetching(inputs),
			...opening(inputs),
			checking(inputs),
			...share,
			...giveUp(inputs),
			...publishing(inputs)
		];
		case "open": return [
			...share,
			fetching(inputs),
			...opening({
				...inputs,
				publish: true
			}),
			fetching(inputs, "--deployed", join(inputs.opened, "deployed.json")),
			...giveUp({
				...inputs,
				publish: true
			})
		];
		case "images": {
			const deployed = join(inputs.opened, "deployed.json");
			return [step([
				"images",
				...ofOneCheck(inputs),
				"--deployed",
				deployed,
				"--out",
				inputs.images,
				...leaving(inputs)
			], "none")];
		}
		case "part": return [step([
			"part",
			...ofOneCheck(inputs),
			...partArguments(inputs),
			...leaving(inputs)
		], "none")];
		case "predict": {
			const predicting = [
				"predict",
				...ofOneCheck(inputs),
				...joinArguments(inputs),
				...leaving(inputs)
			];
			return [
				...share,
				step(predicting, "fleet", { signs: true }),
				...share,
				...progressing(inputs)
			];
		}
		case "publish": {
			const args = [
				"--told",
				inputs.problems,
				"--report",
				inputs.report,
				...problems(inputs),
				...pushing(inputs)
			];
			const judging = step([
				"join",
				...ofOneCheck(inputs),
				...joinArguments(inputs),
				...args
			], "fleet", {
				signs: true,
				codes: "verdict"
			});
			return [
				...share,
				judging,
				...share,
				...giveUp(inputs),
				...publishing(inputs)
			];
		}
		case "accept": {
			const sync = inputs.ledger === null ? [] : ["--sync", inputs.ledger];
			return [step([
				"accept",
				...repo(inputs),
				"--from-comment",
				inputs.comment ?? "",
				...sync
			], "code-host", {
				signs: true,
				codes: "told"
			})];
		}
		case "deploy": return [
			...share,
			deploying(inputs),
			...share
		];
		case "replay": return [
			...share,
			fetching({
				...inputs,
				base: inputs.head
			}, "--no-datasets"),
			step([
				"replay",
				...repo(inputs),
				...into(inputs)
			], "code-host", {
				signs: true,
				codes: "told"
			}),
			...share
		];
		case "complete":
		case "audit": return [
			...share,
			fetching({
				...inputs,
				base: inputs.head
			}),
			afterwards(inputs),
			...share
		];
	}
}
/**
* Runs steps until one could not run. After it the ledger is still shared, for what was written into it before has happened and
* this working tree is gone with the job, and a check that was begun is ended, for nobody else will.
*/
async function runAll(steps, run) {
	let verdict = 0;
	let broken = null;
	for (const each of steps) {
		if (each.when === (broken === null ? "broken" : "well")) continue;
		const code = await run(each);
		if (code > 2 || code !== 0 && each.codes === "zero") broken ??= each;
		else if (each.codes === "verdict") verdict = code;
	}
	return {
		verdict,
		broken
	};
}
function step(args, access, more = {}) {
	return {
		args,
		access,
		signs: false,
		codes: "zero",
		when: "well",
		...more
	};
}
function deploying({ head, ...inputs }) {
	return step([
		"deploy",
		...repo(inputs),
		"--ref",
		head
	], "code-host", {
		signs: true,
		codes: "verdict"
	});
}
/** What is asked of models at leisure. */
function afterwards({ command, head, runner, report, ...inputs }) {
	const args = [
		command,
		...repo(inputs),
		"--ref",
		head,
		"--runner",
		runner
	];
	return step(command === "audit" ? [
		...args,
		"--report",
		report
	] : args, "fleet", { signs: true });
}
function into({ defaultBranch }) {
	return defaultBranch === null ? [] : ["--into", defaultBranch];
}
/** Of what is merged, and of no pull request. */
const AFTER_MERGE = [
	"deploy",
	"replay",
	"complete",
	"audit"
];
/** Whose word says who signs the ledger: the base's, and what is merged where that is what a job is about. */
function policyOf({ command, base, head }) {
	return AFTER_MERGE.includes(command) ? head : base;
}
function repo({ repositoryPath }) {
	return ["--repo", repositoryPath];
}
/** Policy is the base's, always: on GitHub the head is whoever's. */
function ofOneCheck(inputs) {
	const { base, head, runner } = inputs;
	return [
		...repo(inputs),
		"--base",
		base,
		"--head",
		head,
		"--policy-from",
		"base",
		"--runner",
		runner
	];
}
function opening(inputs) {
	if (!inputs.publish) return [];
	return [step([
		"open",
		...ofOneCheck(inputs),
		"--out",
		inputs.opened,
		...pullRequest(inputs),
		...problems(inputs)
	], "code-host")];
}
/** The ledger here and the remote's are brought to one end, also after a step that could not run. */
function sharing(inputs) {
	const { command, ledger } = inputs;
	if (ledger === null) return [];
	return [step([
		"ledger",
		"--sync",
		ledger,
		...repo(inputs),
		"--ref",
		policyOf(inputs),
		...leavingBeside(inputs)
	], "ledger", {
		signs: command !== "open",
		when: "always"
	})];
}
/** What Git does not hold comes here at once; whatever follows reads it, and asks nobody. */
function fetching(inputs, ...less) {
	return step([
		"fetch",
		...repo(inputs),
		"--base",
		inputs.base,
		"--head",
		inputs.head,
		...less,
		...problems(inputs)
	], "data");
}
function progressing(inputs) {
	return inputs.publish ? [step([
		"progress",
		...ofOneCheck(inputs),
		"--parts",
		inputs.parts
	], "code-host")] : [];
}
function checking(inputs) {
	const all = inputs.publish ? ["--all"] : [];
	const args = [
		"--report",
		inputs.report,
		...problems(inputs),
		...pushing(inputs),
		...all
	];
	return step([
		"check",
		...ofOneCheck(inputs),
		...args
	], "fleet", {
		signs: true,
		codes: "verdict"
	});
}
function pushing({ push }) {
	return push ? ["--push"] : [];
}
function publishing(inputs) {
	if (!inputs.publish) return [];
	return [step([
		"publish",
		...repo(inputs),
		"--report",
		join(inputs.report, "report.json"),
		...about(inputs)
	], "code-host")];
}
/** Says in the check why it could not run. What follows it may fail by itself, and has a verdict to show by then. */
function giveUp(inputs) {
	if (!inputs.publish) return [];
	return [step([
		"publish",
		...repo(inputs),
		...problems(inputs),
		...about(inputs)
	], "code-host", { when: "broken" })];
}
function problems({ report }) {
	return ["--problems", join(report, "problems.json")];
}
/** For the job that publishes. Each of many that go into one folder there has a name of its own. */
function leaving({ command, round, chipsets, problems: folder }) {
	return ["--problems", join(folder, `${[
		command,
		round ?? [],
		chipsets
	].flat().join("-")}.json`)];
}
/** Where the job's own command leaves its words for the check, if one is begun: a ledger that cannot be shared is told there too. */
function leavingBeside(inputs) {
	if (inputs.command === "predict") return leaving(inputs);
	return AFTER_MERGE.includes(inputs.command) ? [] : problems(inputs);
}
function about(inputs) {
	return [
		"--base",
		inputs.base,
		"--head",
		inputs.head,
		...pullRequest(inputs)
	];
}
function pullRequest({ pullRequest: number }) {
	return number === null ? [] : ["--pull-request", number];
}
function partArguments({ round, chipsets, images, parts }) {
	return [
		"--round",
		round ?? "",
		"--chipset",
		...chipsets,
		"--images",
		images,
		"--out",
		parts
	];
}
function joinArguments({ images, parts }) {
	return [
		"--images",
		images,
		"--parts",
		parts
	];
}
// action/run-step.ts
/**
* Makes the locked packages of this very checkout of the action be there: their decoders and inference are native.
* @param packed what an earlier job of this run has packed, and the digest that it told
* @throws where they cannot be, or what was packed is not what its digest says
*/
async function installPackages({ home, env }, packed) {
	if (existsSync(join(home, "node_modules", ".package-lock.json"))) return "there";
	if (await unpackInstallation({
		home,
		folder: packed.folder
	}, packed.digest)) return "unpacked";
	if (await run("npm", [
		"ci",
		"--ignore-scripts",
		"--omit=dev",
		"--no-audit",
		"--no-fund",
		"--loglevel=error"
	], {
		cwd: home,
		env: environmentOf({ access: "none" }, env, NO_SECRETS, null)
	}) !== 0) throw new Error("its locked packages could not be installed; see the log of npm ci above");
	return "installed";
}
const NO_SECRETS = {
	githubToken: "",
	appId: "",
	appPrivateKey: "",
	fleetToken: "",
	signingKey: "",
	bucketAccessKeyId: "",
	bucketSecretAccessKey: "",
	kubeconfig: ""
};
/** As bin/fieldproof starts it. */
const NODE_OPTIONS = [
	"--disable-warning=ExperimentalWarning",
	"--min-semi-space-size=16",
	"--max-semi-space-size=32"
];
/** Runs one call of the CLI with what it may have, and takes that away again. Returns its exit code. */
async function runStep(step, secrets, place) {
	const folder = mkdtempSync(join(place.temporary, "fieldproof-"));
	try {
		const askpass = writeAskpass(folder, passwordsOf(step, secrets), place.env);
		const key = step.signs && secrets.signingKey !== "" ? ["--signing-key", secretFile(folder, "signing.pem", secrets.signingKey)] : [];
		const cli = [...NODE_OPTIONS, ...callOf(step, place)];
		const clusters = step.access === "code-host" && secrets.kubeconfig !== "";
		const env = {
			...environmentOf(step, place.env, secrets, askpass),
			...askpass !== null && { XDG_CONFIG_HOME: folder },
			...clusters && { KUBECONFIG: secretFile(folder, "kubeconfig", secrets.kubeconfig) }
		};
		return await run(process.execPath, [...cli, ...key], {
			cwd: place.workspace,
			env
		});
	} finally {
		rmSync(folder, {
			recursive: true,
			force: true
		});
	}
}
/** What runs before anything is installed brings its few packages along. */
function callOf({ args }, { home }) {
	const [command, ...others] = args;
	if (command !== "glance") return [join(home, "cli", "cli.ts"), ...args];
	return [
		"--import",
		pathToFileURL(join(home, "action", "dist", "packages.js")).href,
		join(home, "cli", "glance.ts"),
		...others
	];
}
/**
* Git asks a program for passwords; an argument or a setting of a repository would show it to others. It asks with the path of
* the repository, since the token of a job opens its own alone.
*/
function writeAskpass(folder, { own, other }, env) {
	if (own === "" && other === "") return null;
	secretFile(folder, "own", own);
	secretFile(folder, "other", other);
	mkdirSync(join(folder, "git"));
	writeFileSync(join(folder, "git", "config"), "[credential]\n	useHttpPath = true\n");
	const host = new URL(env["GITHUB_SERVER_URL"] ?? "https://github.com").host;
	const repository = /^[\w.-]+\/[\w.-]+$/.exec(env["GITHUB_REPOSITORY"] ?? "")?.[0];
	const mine = repository === void 0 ? "" : `*"@${host}/${repository}'"*|*"@${host}/${repository}.git'"*) cat "\${0%/*}/own" ;; `;
	const program = join(folder, "askpass");
	writeFileSync(program, `#!/bin/sh\ncase "$1" in Username*) echo x-access-token ;; ${mine}*) cat "\${0%/*}/other" ;; esac\n`);
	chmodSync(program, 448);
	return program;
}
function secretFile(folder, name, text) {
	const file = join(folder, name);
	writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`, { mode: 384 });
	return file;
}
async function run(program, args, options) {
	const { before, after } = silencers();
	process.stdout.write(before);
	try {
		return await new Promise((resolve, reject) => {
			const child = spawn(program, args, {
				...options,
				stdio: [
					"ignore",
					"inherit",
					"inherit"
				]
			});
			child.once("error", reject);
			child.once("close", (code) => resolve(code ?? 3));
		});
	} finally {
		process.stdout.write(`\n${after}`);
	}
}
// action/main.ts
/**
* The driver of the GitHub Action: reads and checks inputs, calls the CLI of this very checkout, tells what came of it. It
* judges nothing and holds no logic of a check.
*/
const COULD_NOT_RUN = 3;
async function main(env) {
	const { inputs, problems } = readInputs(env, eventOf(readEvent(env), env));
	for (const { input, message, remedy } of problems) process.stdout.write(errorLine(`Fieldproof: ${input}`, `${message}; ${remedy}`));
	if (problems.length > 0) return COULD_NOT_RUN;
	const workspace = env["GITHUB_WORKSPACE"] ?? process.cwd();
	const home = resolve(import.meta.dirname, "..", "..");
	const place = {
		home,
		workspace,
		temporary: env["RUNNER_TEMP"] ?? workspace,
		env
	};
	const glance = glanceOf(inputs);
	if (glance !== null && await runStep(glance, inputs.secrets, place) === 0) return closed(env);
	const packed = {
		...inputs.installation,
		folder: join(workspace, inputs.installation.folder)
	};
	const packages = await installPackages(place, packed).catch((thrown) => ({ thrown }));
	if (typeof packages !== "string") return failed(packages.thrown instanceof Error ? packages.thrown.message : String(packages.thrown));
	const { verdict, broken } = await runAll(stepsOf(inputs), (step) => runStep(step, inputs.secrets, place));
	if (broken !== null) return failed(`fieldproof ${broken.args[0]} could not run; see its remedy above`);
	tell(inputs, workspace, inputs.command === "open" && packages === "installed" ? await packInstallation({
		home,
		folder: packed.folder
	}) : "", env["GITHUB_OUTPUT"]);
	return stepFails(verdict, inputs.failOn) ? verdict : 0;
}
function readEvent(env) {
	const file = env["GITHUB_EVENT_PATH"];
	return file !== void 0 && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}
/** 1 is fail, 2 inconclusive. */
function stepFails(verdict, failOn) {
	if (failOn === "never") return false;
	return verdict === 1 || verdict === 2 && failOn === "inconclusive";
}
/** Nothing that is judged was touched, and the check says so. */
function closed({ GITHUB_OUTPUT: file = "" }) {
	if (file !== "") appendFileSync(file, outputText(openedOutputs("")));
	return 0;
}
function tell(inputs, workspace, installation, file) {
	const report = join(workspace, inputs.report, "report.json");
	const opened = join(workspace, inputs.opened, "open.json");
	const wrote = (path, ...commands) => commands.includes(inputs.command) && existsSync(path);
	const outputs = {
		...wrote(report, "check", "publish") ? {
			...reportOutputs(readFileSync(report, "utf8")),
			"report-path": inputs.report
		} : {},
		...wrote(opened, "open") ? {
			...openedOutputs(readFileSync(opened, "utf8")),
			installation
		} : {}
	};
	if (file !== void 0 && file !== "") appendFileSync(file, outputText(outputs));
}
function failed(message) {
	process.stdout.write(errorLine("Fieldproof could not run", message));
	return COULD_NOT_RUN;
}
process.exitCode = await main(process.env);
export {};
