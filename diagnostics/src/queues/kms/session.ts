/** Questions to AWS KMS. The SDK is loaded when a target needs it, not before. */
import type { KMSClient, KeyMetadata } from '@aws-sdk/client-kms';
import type { Deadline } from '../../model/deadline';
import { type AwsConfig, bounded, clientOptions, within } from '../aws';

type Sdk = typeof import('@aws-sdk/client-kms');

/** What every probe is bound to, so that CloudTrail tells it from real use, and a policy may allow nothing else. */
const CONTEXT = { purpose: 'live-runbooks-probe' };

export class KmsSession {
  private readonly loaded: Promise<{ sdk: Sdk; client: KMSClient }>;

  constructor(
    config: AwsConfig,
    private readonly keyId: string
  ) {
    this.loaded = import('@aws-sdk/client-kms').then((sdk) => ({
      sdk,
      client: bounded(new sdk.KMSClient(clientOptions(config))),
    }));
    this.loaded.catch(() => undefined);
  }

  describe(deadline: Deadline): Promise<KeyMetadata | undefined> {
    return within(deadline, 'kms:DescribeKey', async (options) => {
      const { sdk, client } = await this.loaded;
      return (await client.send(new sdk.DescribeKeyCommand({ KeyId: this.keyId }), options)).KeyMetadata;
    });
  }

  encrypt(plain: Uint8Array, deadline: Deadline): Promise<Uint8Array> {
    return within(deadline, 'kms:Encrypt', async (options) => {
      const { sdk, client } = await this.loaded;
      const command = new sdk.EncryptCommand({ KeyId: this.keyId, Plaintext: plain, EncryptionContext: CONTEXT });
      return (await client.send(command, options)).CiphertextBlob ?? new Uint8Array();
    });
  }

  decrypt(cipher: Uint8Array, deadline: Deadline): Promise<Uint8Array> {
    return within(deadline, 'kms:Decrypt', async (options) => {
      const { sdk, client } = await this.loaded;
      const command = new sdk.DecryptCommand({ KeyId: this.keyId, CiphertextBlob: cipher, EncryptionContext: CONTEXT });
      return (await client.send(command, options)).Plaintext ?? new Uint8Array();
    });
  }

  close(): void {
    void this.loaded.then(
      ({ client }) => client.destroy(),
      () => undefined
    );
  }
}
