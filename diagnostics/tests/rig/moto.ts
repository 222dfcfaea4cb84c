/**
 * Amazon SQS and KMS as moto's server plays them (PyPI, in a virtual environment under `.cache/moto`), with IAM enforced:
 * the service runs as a user that has `aws-policy.json` and nothing else.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startProcess } from '../../../demo/src/servers';

const run = promisify(execFile);
const VERSION = '5.2.5';
const VENV = fileURLToPath(new URL('../../../.cache/moto/venv', import.meta.url));
const PYTHON = join(VENV, 'bin', 'python');
/**
 * Its actions. moto judges KMS without knowing of which key, so the resources are left open, and calls the batch of an
 * action by a name of its own, which IAM does not have.
 */
export const POLICY = readFileSync(new URL('../../aws-policy.json', import.meta.url), 'utf8')
  .replace(/"Resource": "[^"]*"/g, '"Resource": "*"')
  .replace('"sqs:ChangeMessageVisibility"', '"sqs:ChangeMessageVisibility", "sqs:ChangeMessageVisibilityBatch"');
export const REGION = 'eu-central-1';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Moto {
  readonly endpoint: string;
  /** As somebody who may do everything; IAM is not enforced meanwhile. */
  asAdmin<T>(work: () => Promise<T>): Promise<T>;
  /** A user with this policy alone. */
  user(name: string, policy: string): Promise<Credentials>;
  freeze(): void;
  thaw(): void;
  dispose(): Promise<void>;
}

/** Installs it when it is not there. Answers why that cannot be; undefined: it is there. */
export async function installMoto(): Promise<string | undefined> {
  if (existsSync(join(VENV, 'bin', 'moto_server'))) {
    return undefined;
  }
  try {
    await run('python3', ['-m', 'venv', VENV]);
    await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `moto[server]==${VERSION}`], {
      timeout: 300_000,
    });
    return undefined;
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return `moto's server cannot be installed with python3 -m venv and pip: ${line}`;
  }
}

const CREATE_USER = `
import json, sys, boto3
endpoint, name, policy = sys.argv[1:]
iam = boto3.client("iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
iam.create_user(UserName=name)
iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy)
key = iam.create_access_key(UserName=name)["AccessKey"]
print(json.dumps({"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"]}))
`;

export async function startMoto(): Promise<Moto> {
  const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-moto-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const process = await startProcess({
    name: 'moto_server',
    command: join(VENV, 'bin', 'moto_server'),
    args: ['-H', '127.0.0.1', '-p', String(port)],
    logFile: join(dir, 'moto.log'),
  });
  await process.waitUntil('answering', async () => (await fetch(`${endpoint}/moto-api/data.json`)).ok, 60_000);
  const authenticateAfter = async (requests: '0' | 'inf'): Promise<void> => {
    const { ok, status } = await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body: requests });
    if (!ok) {
      throw new Error(`moto does not enforce IAM: HTTP ${status}`);
    }
  };
  const asAdmin: Moto['asAdmin'] = async (work) => {
    await authenticateAfter('inf');
    try {
      return await work();
    } finally {
      await authenticateAfter('0');
    }
  };
  return {
    endpoint,
    asAdmin,
    user: (name, policy) =>
      asAdmin(async () => {
        const { stdout } = await run(PYTHON, ['-c', CREATE_USER, endpoint, name, policy]);
        return JSON.parse(stdout) as Credentials;
      }),
    freeze: () => process.freeze(),
    thaw: () => process.thaw(),
    async dispose() {
      process.thaw();
      await process.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
